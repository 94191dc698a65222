"""The findings as people read them, and as machines do."""

import json
from itertools import groupby

from interconnections.doctor.findings import Finding, Level

MARKS = {Level.OK: "ok     ", Level.WARNING: "warning", Level.ERROR: "ERROR  "}


def worst(found: list[Finding]) -> Level:
    levels = {finding.level for finding in found}
    return next((level for level in (Level.ERROR, Level.WARNING) if level in levels), Level.OK)


def as_text(found: list[Finding]) -> str:
    lines = []
    for group, findings in groupby(found, key=lambda finding: finding.group):
        lines += [group]
        for finding in findings:
            lines.append(f"  {MARKS[finding.level]}  {finding.what}")
            if finding.mend:
                lines.append(f"           → {finding.mend}")
        lines.append("")
    return "\n".join([*lines, conclusion(found)])


def conclusion(found: list[Finding]) -> str:
    errors = sum(finding.level is Level.ERROR for finding in found)
    warnings = sum(finding.level is Level.WARNING for finding in found)
    told = f"{errors} error{'' if errors == 1 else 's'}, {warnings} warning{'' if warnings == 1 else 's'}."
    return f"{told} This installation would lose messages, or cannot work." if errors else f"{told} It can work."


def as_json(found: list[Finding]) -> str:
    rows = [
        {"group": one.group, "level": one.level, "what": one.what} | ({"mend": one.mend} if one.mend else {})
        for one in found
    ]
    return json.dumps({"status": worst(found), "findings": rows}, ensure_ascii=False, indent=2)
