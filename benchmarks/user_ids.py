"""Who talks: users of the bridge and of the floor, told apart by their numbers."""


def bridge_users(count: int) -> list[str]:
    return [f"52155{number:08}" for number in range(count)]


def floor_users(count: int) -> list[str]:
    return [f"52166{number:08}" for number in range(count)]
