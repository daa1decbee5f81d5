"""What a provider brings along: credentials, training, languages, and who they are to HIPAA."""

from enum import StrEnum


class Credential(StrEnum):
    """A degree, licence or certificate as it is written behind a name."""

    MD = "md"
    DO = "do"
    FACS = "facs"
    PA = "pa"
    NP = "np"
    RN = "rn"
    PT = "pt"
    OT = "ot"
    LMT = "lmt"
    RMT = "rmt"
    BCTMB = "bctmb"
    CLT = "clt"

    @property
    def label(self) -> str:
        return _CREDENTIALS.get(self, self.value.upper())


_CREDENTIALS = {
    Credential.PA: "PA-C",
    Credential.LMT: "LMT (licensed massage therapist)",
    Credential.RMT: "RMT (registered massage therapist)",
    Credential.BCTMB: "BCTMB (board certified)",
    Credential.CLT: "CLT (certified lymphedema therapist)",
}


class LymphaticTraining(StrEnum):
    """The school of a certificate in manual lymphatic drainage, or the LANA examination."""

    VODDER = "vodder"
    FOELDI = "foeldi"
    CASLEY_SMITH = "casley_smith"
    LEDUC = "leduc"
    LANA = "lana"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _TRAININGS[self]


_TRAININGS = {
    LymphaticTraining.VODDER: "Vodder",
    LymphaticTraining.FOELDI: "Földi",
    LymphaticTraining.CASLEY_SMITH: "Casley-Smith",
    LymphaticTraining.LEDUC: "Leduc",
    LymphaticTraining.LANA: "CLT-LANA",
    LymphaticTraining.OTHER: "Another school",
}


class Language(StrEnum):
    """A language in which somebody treats; ISO 639-1 codes."""

    ENGLISH = "en"
    SPANISH = "es"
    PORTUGUESE = "pt"
    FRENCH = "fr"
    HAITIAN = "ht"
    CHINESE = "zh"
    KOREAN = "ko"
    JAPANESE = "ja"
    VIETNAMESE = "vi"
    TAGALOG = "tl"
    RUSSIAN = "ru"
    UKRAINIAN = "uk"
    POLISH = "pl"
    GERMAN = "de"
    ITALIAN = "it"
    ARABIC = "ar"
    HEBREW = "he"
    PERSIAN = "fa"
    HINDI = "hi"
    BENGALI = "bn"
    SIGN = "ase"

    @property
    def label(self) -> str:
        return "American Sign Language" if self is Language.SIGN else self.name.capitalize()


class PrivacyRole(StrEnum):
    """What somebody is to the rules on health data: 45 CFR 160.103."""

    COVERED_ENTITY = "covered_entity"
    BUSINESS_ASSOCIATE = "business_associate"
    WORKFORCE = "workforce"

    @property
    def label(self) -> str:
        return _PRIVACY[self]


_PRIVACY = {
    PrivacyRole.COVERED_ENTITY: "Covered entity",
    PrivacyRole.BUSINESS_ASSOCIATE: "Business associate, agreement signed",
    PrivacyRole.WORKFORCE: "Works for this clinic",
}


class UsState(StrEnum):
    """Who issues licences: the states, the District of Columbia, and Puerto Rico."""

    AL = "AL"
    AK = "AK"
    AZ = "AZ"
    AR = "AR"
    CA = "CA"
    CO = "CO"
    CT = "CT"
    DE = "DE"
    DC = "DC"
    FL = "FL"
    GA = "GA"
    HI = "HI"
    ID = "ID"
    IL = "IL"
    IN = "IN"
    IA = "IA"
    KS = "KS"
    KY = "KY"
    LA = "LA"
    ME = "ME"
    MD = "MD"
    MA = "MA"
    MI = "MI"
    MN = "MN"
    MS = "MS"
    MO = "MO"
    MT = "MT"
    NE = "NE"
    NV = "NV"
    NH = "NH"
    NJ = "NJ"
    NM = "NM"
    NY = "NY"
    NC = "NC"
    ND = "ND"
    OH = "OH"
    OK = "OK"
    OR = "OR"
    PA = "PA"
    PR = "PR"
    RI = "RI"
    SC = "SC"
    SD = "SD"
    TN = "TN"
    TX = "TX"
    UT = "UT"
    VT = "VT"
    VA = "VA"
    WA = "WA"
    WV = "WV"
    WI = "WI"
    WY = "WY"

    @property
    def label(self) -> str:
        return self.value
