"""Which of the family that shares `ftyp` a file is: photos, films and sounds of phones (ISO 14496-12).  Pure.

The major brand says it, or the compatible ones where the major one is common to several.
"""

from interconnections.files.file_type import FileType

HEIC, AVIF = FileType("image/heic", "heic"), FileType("image/avif", "avif")
M4A, MP4 = FileType("audio/mp4", "m4a"), FileType("video/mp4", "mp4")
THREE_GP, THREE_GP_SOUND = FileType("video/3gpp", "3gp"), FileType("audio/3gpp", "3gp")
BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"), HEIC),
    **dict.fromkeys((b"avif", b"avis"), AVIF),
    **dict.fromkeys((b"M4A ", b"M4B ", b"M4P ", b"F4A ", b"F4B "), M4A),
    **dict.fromkeys((b"M4V ", b"M4VH", b"M4VP"), FileType("video/x-m4v", "m4v")),
    b"qt  ": FileType("video/quicktime", "mov"),
}
ANY_IMAGE = (b"mif1", b"mif2", b"msf1", b"miaf")
ANY_FILM = (b"iso", b"mp4", b"avc", b"mmp", b"MSN", b"ndsc", b"dash", b"F4V", b"f4v")  # how their brands begin
RAW_IMAGE = b"crx "  # of a camera; nobody can open it
DECLARED_IMAGES = {"heic": HEIC, "heif": HEIC, "avif": AVIF}


def in_boxes(head: bytes, declared: str) -> FileType | None:
    """For a head with `ftyp` behind its first four bytes; None for a picture that nobody knows."""
    end = max(min(int.from_bytes(head[:4], "big"), len(head)), 12)
    major, compatible = head[8:12], [head[at : at + 4] for at in range(16, end - 3, 4)]
    if found := BRANDS.get(major):
        return found
    if major.startswith(b"3g2"):
        return FileType("video/3gpp2", "3g2")
    if major.startswith(b"3g"):
        return THREE_GP_SOUND if declared.startswith("audio/") else THREE_GP
    if major == RAW_IMAGE:
        return None
    known_film = major.startswith(ANY_FILM)
    if not known_film and (major in ANY_IMAGE or declared.startswith("image/")):
        pictures = [kind for brand in compatible if (kind := BRANDS.get(brand)) in (HEIC, AVIF)]
        by_name = DECLARED_IMAGES.get(declared.removeprefix("image/").removesuffix("-sequence"))
        return next(iter(pictures), None) or by_name or (HEIC if major in ANY_IMAGE else None)
    return M4A if declared.startswith("audio/") else MP4
