"""Numbers that look real and belong to nobody: VAT, IBAN, telephone."""

from stdnum.iso7064 import mod_11_10

BANK_CODE = "99000001"
"""No German bank code begins with 9."""

LANDLINES = (
    ("030", "23125"),
    ("069", "90009"),
    ("040", "66969"),
    ("0221", "4710"),
    ("089", "99998"),
)
"""Area code and block of the numbers the Bundesnetzagentur keeps free for films (1,000 each)."""

MOBILES = (("0171", "39200"), ("0176", "040690"))
"""The same for mobile networks (100 each)."""


def vat_id(index: int) -> str:
    """Return a German VAT id with a right check digit; index below 1,000,000.

    Begins with 99, a range that is not handed out.
    """
    digits = f"99{index:06d}"
    return f"DE{digits}{mod_11_10.calc_check_digit(digits)}"


def iban(index: int) -> str:
    """Return a German IBAN with right check digits at a bank that does not exist."""
    account = f"{BANK_CODE}{index:010d}"
    check = 98 - int(f"{account}131400") % 97
    return f"DE{check:02d}{account}"


def switchboard(index: int) -> str:
    """Return a telephone number no other index has, written as on a letterhead.

    The first 5,000 are plain; above them an extension keeps the numbers apart.
    """
    round_, place = divmod(index, 5 * 1000)
    area, block = LANDLINES[place % 5]
    number = f"{area} {block}{place // 5:03d}"
    return f"{number}-{round_}0" if round_ else number


def direct_line(number: str, extension: int) -> str:
    """Return a person's own line behind a switchboard: extension 11 to 99."""
    return f"{number.removesuffix('0') if '-' in number else number + '-'}{extension:02d}"


def mobile(index: int) -> str:
    """Return a mobile number, or "" once the 200 that belong to nobody are used up."""
    if index >= 200:
        return ""
    network, block = MOBILES[index % 2]
    return f"{network} {block}{index // 2:02d}"
