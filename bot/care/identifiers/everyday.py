"""Words that are names, too: such a name counts only where it is plainly used as one.

Given and family names of the United States that are also everyday words, months, or words of this
work; and the small words of which two can stand where a name was broken in two ("for rest").
"""

from typing import Final

EVERYDAY: Final = frozenset(
    """
    a abd able about above ace acres all also am an and angel any april are arm arms art as ash
    ashes at august autumn away back bad ball bare base bath bay be beach bean bear beard bell
    belt bent berry best better big bill birch bird bit black blank bliss blood blue body bold
    bone bones bowl box boy bra brace branch brand bread brick bridge bridges bright brook brown
    bruise buddy bull burn burns butter by calf call calm camp can candy care case cash cast
    chance charm check cherry chest child chin church clear click cliff close cloud coach coin
    cold collar comfort cone constant cook cookie core corn couch court cousin cover crisp cross
    crow cup curry cut dash dawn day days deal dear deep delay dent did dill dim do doll done down
    drain dream drew drop dry duck dusty dye early east easy ed edge else en end english eve even
    ever every eye face fair faith falls fan fast fat favor feet fell fern few field fields fill
    fine finger fire fish fit fitness flag flank flanks flower fly focus folk foot for forest
    fountain frame frank free french fresh friend full gain game garment gay gem gentle german
    give glass glory gold golden good goodness goose grace grade grand graph grass gray great
    green grey ground guide guy hair half hall ham hand hands happy hard harsh has hash haste have
    hay he head heal heavy height help her herb here hero high hill hills him hip his hit hold
    holiday home honey honor hook hoop hope hopes horn horse hot house how hug huge hunt hurt i
    ice if ill in inch inn innocent iron is it job joy july jump june just justice keen keep key
    keys kid kind king kings kiss kitchen knee know lab lake land lane large last late later law
    lead leaf leaves left leg legs less let life light like limb line link lip little live liver
    load lock long look loose lot love loving low luck lucky lump lung mace madden made main major
    make man manual many march mark marks massage may me mean med men merry mild mile miles mill
    mine mist mld mode moon more morning most mother mount mountain much muse must my nail near
    neat neck need new next nice night no noon north nose not note now nurse of off oil old on one
    only open or orange order our out over own pace page pain palm park parks part past pat patch
    patience pay peace peach pear pen pest petal petite phase pie piece pill pine pink place plain
    plum point pollen pool poor port post pound pray press price pride prior profit pt pull pump
    pure put quick quiet rain raise ramp rash raw reach read ready real rear reason red rest rice
    rich ride ridge right ring rise rising river road roads rock rocky rod roll room root rope
    rose rosy rough round row rub rug run rush rust rye sad safe said sail sale salt same sand sat
    save saw say scar scarlet school sea seal search season see seen self sell senior set shade
    shaft shall sharp she sheets shell shine ship shoe short shot show sick side silk silver
    simple sir sit six skin sleep slept slight slim slow small smart smooth snow so soft sole some
    son song soon sore soul sound south spark speed spice spring square stable stack staff stage
    star start stay steel steep steer step stern stiff still stock stone storm story strange
    stream street strong such sugar summer sun sunny sunshine sure sweat sweet swell swim table
    take tall tan tap tape tears tell ten tend tender than the them then there they thick thigh
    thin thing this thumb tied tight till time times tin tiny to toe told tone too took top torn
    touch tough town trace track trail train travel treat tree trip true trunk trust try tuck turn
    twin twist two up upper us use van vein very vest vine visit waist wake walk wall walls want
    warm warn was wash watch water wave way we weeks weight well wells went were west wet wheel
    whey while white whole wide wild will win wind winder window winner winter wisdom wise wish
    with woman won wonder wood woods wool word work worker worse worth would wound wrap wrist yard
    year years yes yet yoga you young your
    """.split()
)
# Two letters that are an abbreviation or a small word more often than a name.
SHORT: Final = frozenset(
    (
        "ab ac ad al am an ap as at bc be bp by cm co cp cr cs da de do dr dx ea ed el em en er et "
        "eu ex ez fb ft fx go ha he hi ho hr hx id if ii im in io ip is it iv kg la lb le lo lt lv "
        "ma me mi ml mm mr ms my na no nt of oh ok om on op or ot ow ox oz pa pi pm pn po pt px qd "
        "ra re rn rt rx sb sc sh so sp st sx ta th ti tn to tx ue uh um up us ve vs we wk wt ya ye "
        "yo yr"
    ).split()
)
MONTHS: Final = frozenset(
    (
        "january february march april may june july august september october november december "
        "jan feb mar apr jun jul aug sep sept oct nov dec"
    ).split()
)
# Before a name, or after one that begins a sentence.
TITLES: Final = frozenset(
    "mr mrs ms miss misses mister mx dr prof patient pt client named name called re for with "
    "saw".split()
)
CUES: Final = frozenset(
    "says said reports reported states stated denies denied tolerated came arrived felt feels "
    "slept called cancelled canceled wants wanted asked asks has had did was is does told tells "
    "complained complains mentioned rates rated left cried also".split()
)
