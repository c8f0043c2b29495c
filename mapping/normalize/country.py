"""Countries: German and English names, ISO codes of two or three letters -> ISO 3166 alpha-2."""

from typing import Any, Final

from mapping.normalize.text import folded, line

# Alpha-2, alpha-3, then names: German, English, and what else stands in address books.
_TABLE = """
AD AND Andorra
AE ARE Vereinigte Arabische Emirate|United Arab Emirates|UAE|VAE|Emirate
AF AFG Afghanistan
AG ATG Antigua und Barbuda|Antigua and Barbuda
AI AIA Anguilla
AL ALB Albanien|Albania
AM ARM Armenien|Armenia
AO AGO Angola
AQ ATA Antarktis|Antarctica
AR ARG Argentinien|Argentina
AS ASM Amerikanisch-Samoa|American Samoa
AT AUT Österreich|Austria|Republik Österreich|A|Oesterreich|Autriche
AU AUS Australien|Australia
AW ABW Aruba
AX ALA Aaland-Inseln|Åland Islands
AZ AZE Aserbaidschan|Azerbaijan
BA BIH Bosnien und Herzegowina|Bosnia and Herzegovina
BB BRB Barbados
BD BGD Bangladesch|Bangladesh
BE BEL Belgien|Belgium|Belgique|België|B
BF BFA Burkina Faso
BG BGR Bulgarien|Bulgaria
BH BHR Bahrain
BI BDI Burundi
BJ BEN Benin
BL BLM Saint Barthélemy
BM BMU Bermuda
BN BRN Brunei
BO BOL Bolivien|Bolivia
BQ BES Bonaire, Sint Eustatius und Saba|Bonaire, Sint Eustatius and Saba
BR BRA Brasilien|Brazil|Brasil
BS BHS Bahamas
BT BTN Bhutan
BV BVT Bouvet-Insel|Bouvet Island
BW BWA Botsuana|Botswana
BY BLR Belarus|Weißrussland
BZ BLZ Belize
CA CAN Kanada|Canada
CC CCK Kokos-Inseln|Cocos Islands
CD COD Demokratische Republik Kongo|Democratic Republic of the Congo|DR Kongo|DR Congo
CF CAF Zentralafrikanische Republik|Central African Republic
CG COG Kongo|Congo
CH CHE Schweiz|Switzerland|Suisse|Svizzera|Swiss|Schweizerische Eidgenossenschaft
CI CIV Elfenbeinküste|Côte d'Ivoire|Ivory Coast
CK COK Cook-Inseln|Cook Islands
CL CHL Chile
CM CMR Kamerun|Cameroon
CN CHN China|Volksrepublik China|VR China|PR China|People's Republic of China
CO COL Kolumbien|Colombia
CR CRI Costa Rica
CU CUB Kuba|Cuba
CV CPV Kap Verde|Cape Verde|Cabo Verde
CW CUW Curaçao
CX CXR Weihnachtsinsel|Christmas Island
CY CYP Zypern|Cyprus
CZ CZE Tschechische Republik|Czech Republic|Tschechien|Czechia|Česko|Česká republika
DE DEU Deutschland|Germany|Bundesrepublik Deutschland|Federal Republic of Germany|BRD|D|Allemagne
DJ DJI Dschibuti|Djibouti
DK DNK Dänemark|Denmark|Danmark
DM DMA Dominica
DO DOM Dominikanische Republik|Dominican Republic
DZ DZA Algerien|Algeria
EC ECU Ecuador
EE EST Estland|Estonia
EG EGY Ägypten|Egypt
EH ESH Westsahara|Western Sahara
ER ERI Eritrea
ES ESP Spanien|Spain|España|E
ET ETH Äthiopien|Ethiopia
FI FIN Finnland|Finland|Suomi
FJ FJI Fidschi|Fiji
FK FLK Falkland-Inseln|Falkland Islands
FM FSM Mikronesien|Micronesia
FO FRO Färöer-Inseln|Faroe Islands
FR FRA Frankreich|France|F|République française
GA GAB Gabun|Gabon
GB GBR Vereinigtes Königreich|United Kingdom|UK|Großbritannien|Great Britain
   |England|Scotland|Schottland|Wales|Nordirland|Northern Ireland
GD GRD Grenada
GE GEO Georgien|Georgia
GF GUF Französisch-Guayana|French Guiana
GG GGY Guernsey
GH GHA Ghana
GI GIB Gibraltar
GL GRL Grönland|Greenland
GM GMB Gambia
GN GIN Guinea
GP GLP Guadeloupe
GQ GNQ Äquatorial-Guinea|Equatorial Guinea
GR GRC Griechenland|Greece|Hellas
GS SGS Süd-Georgia und die südlichen Sandwich-Inseln|South Georgia And The South Sandwich Islands
GT GTM Guatemala
GU GUM Guam
GW GNB Guinea-Bissau
GY GUY Guyana
HK HKG Hongkong|Hong Kong
HM HMD Heard- und McDonald-Inseln|Heard Island And McDonald Islands
HN HND Honduras
HR HRV Kroatien|Croatia|Hrvatska
HT HTI Haiti
HU HUN Ungarn|Hungary|Magyarország
ID IDN Indonesien|Indonesia
IE IRL Irland|Ireland|Republic of Ireland|Éire
IL ISR Israel
IM IMN Isle of Man|Isle Of Man
IN IND Indien|India
IO IOT Britische Territorien im Indischen Ozean|British Indian Ocean Territory
IQ IRQ Irak|Iraq
IR IRN Iran|Islamische Republik Iran
IS ISL Island|Iceland
IT ITA Italien|Italy|Italia|I
JE JEY Jersey
JM JAM Jamaika|Jamaica
JO JOR Jordanien|Jordan
JP JPN Japan|Nippon
KE KEN Kenia|Kenya
KG KGZ Kirgistan|Kyrgyzstan
KH KHM Kambodscha|Cambodia
KI KIR Kiribati
KM COM Komoren|Comoros
KN KNA Saint Kitts und Nevis|Saint Kitts And Nevis
KP PRK Nordkorea|North Korea
KR KOR Südkorea|South Korea|Korea|Republik Korea|Republic of Korea
KW KWT Kuwait
KY CYM Kaiman-Inseln|Cayman Islands
KZ KAZ Kasachstan|Kazakhstan
LA LAO Laos
LB LBN Libanon|Lebanon
LC LCA St. Lucia|Saint Lucia
LI LIE Liechtenstein|FL
LK LKA Sri Lanka
LR LBR Liberia
LS LSO Lesotho
LT LTU Litauen|Lithuania
LU LUX Luxemburg|Luxembourg|L
LV LVA Lettland|Latvia
LY LBY Libyen|Libya
MA MAR Marokko|Morocco
MC MCO Monaco
MD MDA Moldau|Moldova|Republik Moldau|Moldawien
ME MNE Montenegro
MF MAF St. Martin|Saint Martin
MG MDG Madagaskar|Madagascar
MH MHL Marshall-Inseln|Marshall Islands
MK MKD Mazedonien|Macedonia|Nordmazedonien|North Macedonia
ML MLI Mali
MM MMR Myanmar|Burma|Birma
MN MNG Mongolei|Mongolia
MO MAC Macao
MP MNP Nördliche Mariannen-Inseln|Northern Mariana Islands
MQ MTQ Martinique
MR MRT Mauretanien|Mauritania
MS MSR Montserrat
MT MLT Malta
MU MUS Mauritius
MV MDV Maldiven|Maldives
MW MWI Malawi
MX MEX Mexiko|Mexico|México
MY MYS Malaysia
MZ MOZ Mosambik|Mozambique
NA NAM Namibia
NC NCL Neukaledonien|New Caledonia
NE NER Niger
NF NFK Norfolk-Insel|Norfolk Island
NG NGA Nigeria
NI NIC Nicaragua
NL NLD Niederlande|Netherlands|Holland|The Netherlands|Nederland
NO NOR Norwegen|Norway|Norge
NP NPL Nepal
NR NRU Nauru
NU NIU Niue
NZ NZL Neuseeland|New Zealand|Aotearoa
OM OMN Oman
PA PAN Panama
PE PER Peru|Perú
PF PYF Französisch-Polynesien|French Polynesia
PG PNG Papua-Neuguinea|Papua New Guinea
PH PHL Philippinen|Philippines
PK PAK Pakistan
PL POL Polen|Poland|Polska
PM SPM St. Pierre und Miquelon|Saint Pierre And Miquelon
PN PCN Pitcairn
PR PRI Puerto Rico
PS PSE Palästina|Palestine
PT PRT Portugal|P
PW PLW Palau
PY PRY Paraguay
QA QAT Katar|Qatar
RE REU Reunion
RO ROU Rumänien|Romania|România
RS SRB Serbien|Serbia|Srbija
RU RUS Russland|Russia|Russische Föderation|Russian Federation
RW RWA Ruanda|Rwanda
SA SAU Saudi-Arabien|Saudi Arabia
SB SLB Solomon-Inseln|Solomon Islands
SC SYC Seychellen|Seychelles
SD SDN Sudan
SE SWE Schweden|Sweden|Sverige
SG SGP Singapur|Singapore
SH SHN St. Helena|Saint Helena
SI SVN Slowenien|Slovenia|Slovenija
SJ SJM Svalbard und Jan Mayen|Svalbard And Jan Mayen
SK SVK Slowakei|Slovakia|Slowakische Republik|Slovak Republic|Slovensko
SL SLE Sierra Leone
SM SMR San Marino
SN SEN Senegal
SO SOM Somalia
SR SUR Suriname
SS SSD Südsudan|South Sudan
ST STP Sao Tome und Principe|Sao Tome And Principe
SV SLV El Salvador
SX SXM Sint Maarten (Niederländischer Teil)|Sint Maarten (Dutch part)
SY SYR Syrien|Syria
SZ SZW Swasiland|Swaziland|Eswatini
TC TCA Turks- und Caicos-Inseln|Turks And Caicos Islands
TD TCD Tschad|Chad
TF ATF Französische Südgebiete|French Southern Territories
TG TGO Togo
TH THA Thailand
TJ TJK Tadschikistan|Tajikistan
TK TKL Tokelau
TL TLS Timor-Leste|Osttimor|East Timor
TM TKM Turkmenistan
TN TUN Tunesien|Tunisia
TO TON Tonga
TR TUR Türkei|Turkey|Türkiye
TT TTO Trinidad und Tobago|Trinidad and Tobago
TV TUV Tuvalu
TW TWN Taiwan
TZ TZA Tansania|Tanzania
UA UKR Ukraine
UG UGA Uganda
UM UMI Übrige Inseln im Pazifik der USA|United States Minor Outlying Islands
US USA Vereinigte Staaten von Amerika|United States|United States of America|Vereinigte Staaten
UY URY Uruguay
UZ UZB Usbekistan|Uzbekistan
VA VAT Vatikanstadt|Vatican
VC VCT St. Vincent und die Grenadinen|Saint Vincent And The Grenadines
VE VEN Venezuela
VG VGB Britische Jungferninseln|British Virgin Islands
VI VIR Amerikanische Jungferninseln|U.S. Virgin Islands
VN VNM Vietnam|Viet Nam
VU VTU Vanuatu
WF WLF Wallis und Futuna|Wallis And Futuna
WS WSM Samoa
XK XKX Kosovo
YE YEM Jemen|Yemen
YT MYT Mayotte
ZA ZAF Südafrika|South Africa
ZM ZMB Sambia|Zambia
ZW ZWE Simbabwe|Zimbabwe
"""


def country_code(value: Any) -> str | None:
    """Return the ISO 3166 alpha-2 code for a country's code or name in German or English.

    Also for licence-plate letters of neighbours ("D", "A") and some countries' own names; None for
    anything else.
    """
    text = line(value, 60)
    return None if text is None else _CODES.get(_key(text))


def _key(text: str) -> str:
    return "".join(c for c in folded(text) if c.isalnum())


def _codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    for row in _TABLE.strip().replace("\n   |", "|").splitlines():
        alpha_2, alpha_3, names = row.split(" ", 2)
        for name in (alpha_2, alpha_3, *names.split("|")):
            codes.setdefault(_key(name), alpha_2)
    return codes


_CODES: Final = _codes()
ALPHA_2: Final = frozenset(_CODES.values())
