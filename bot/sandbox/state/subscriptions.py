"""The bot events an app can subscribe to, and the scopes each needs (any one of them).

From the pages of https://docs.slack.dev/reference/events/.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SCOPES_OF_EVENTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "app_home_opened": (),
        "app_mention": ("app_mentions:read",),
        "app_uninstalled": (),
        "channel_archive": ("channels:read",),
        "channel_created": ("channels:read",),
        "channel_deleted": ("channels:read",),
        "channel_history_changed": ("channels:history",),
        "channel_id_changed": ("channels:read",),
        "channel_left": ("channels:read",),
        "channel_rename": ("channels:read",),
        "channel_shared": ("channels:read", "groups:read"),
        "channel_unarchive": ("channels:read",),
        "channel_unshared": ("channels:read", "groups:read"),
        "dnd_updated_user": ("dnd:read",),
        "file_created": ("files:read",),
        "file_deleted": ("files:read",),
        "file_shared": ("files:read",),
        "group_archive": ("groups:read",),
        "group_deleted": ("groups:read",),
        "group_left": ("groups:read",),
        "group_rename": ("groups:read",),
        "group_unarchive": ("groups:read",),
        "im_created": ("im:read",),
        "link_shared": ("links:read",),
        "member_joined_channel": ("channels:read", "groups:read"),
        "member_left_channel": ("channels:read", "groups:read"),
        "message.channels": ("channels:history",),
        "message.groups": ("groups:history",),
        "message.im": ("im:history",),
        "message.mpim": ("mpim:history",),
        "message_metadata_deleted": ("metadata.message:read",),
        "message_metadata_posted": ("metadata.message:read",),
        "message_metadata_updated": ("metadata.message:read",),
        "pin_added": ("pins:read",),
        "pin_removed": ("pins:read",),
        "reaction_added": ("reactions:read",),
        "reaction_removed": ("reactions:read",),
        "subteam_created": ("usergroups:read",),
        "subteam_updated": ("usergroups:read",),
        "team_join": ("users:read",),
        "team_rename": ("team:read",),
        "tokens_revoked": (),
        "user_change": ("users:read",),
        "user_profile_changed": ("users.profile:read",),
        "user_status_changed": ("users.profile:read",),
    }
)
