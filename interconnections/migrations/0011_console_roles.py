"""The console's rights, and the five groups that have them.  docs/roles.md is the same table for people.

Groups are given what they lack; what somebody has given them besides stays.
"""

from django.db import migrations

INTERCONNECTION = {
    "view_interconnection": "Can view interconnection",
    "view_board": "Can look at the board",
    "unmask_interconnection": "Can see who the people are",
    "download_interconnection": "Can download a conversation",
    "close_interconnection": "Can end a conversation",
    "return_interconnection": "Can return a user to the bot at a state",
    "note_interconnection": "Can write a note on a conversation",
    "say_interconnection": "Can say something to a user as the system",
    "reconnect_interconnection": "Can have a conversation connect anew",
    "release_interconnection": "Can take a conversation from its worker",
    "block_user": "Can block a user, and let them in again",
    "forget_user": "Can erase a person",
    "export_user": "Can export what is kept of a person",
    "drain_worker": "Can drain a worker",
}
RIGHTS = {
    "interconnection": INTERCONNECTION,
    "deadletter": {
        "view_deadletter": "Can view dead letter",
        "resend_deadletter": "Can send dead letters again, or drop them",
    },
    "bot": {"pause_bot": "Can pause the new hand-overs of a bot"}
    | {f"{verb}_bot": f"Can {verb} bot" for verb in ("view", "add", "change", "delete")},
    "salesforceorg": {
        f"{verb}_salesforceorg": f"Can {verb} Salesforce org" for verb in ("view", "add", "change", "delete")
    },
    "route": {f"{verb}_route": f"Can {verb} route" for verb in ("view", "add", "change", "delete")},
}
ELSEWHERE = {  # (app, model): Django's own
    ("auth", "user"): {f"{verb}_user": f"Can {verb} user" for verb in ("view", "add", "change", "delete")},
    ("auth", "group"): {f"{verb}_group": f"Can {verb} group" for verb in ("view", "add", "change", "delete")},
}

LOOK = {"view_board", "view_interconnection"}
STEER = {
    "view_deadletter",
    "unmask_interconnection",
    "download_interconnection",
    "close_interconnection",
    "return_interconnection",
    "note_interconnection",
    "say_interconnection",
    "block_user",
    "resend_deadletter",
}
RUN = {
    "view_deadletter",
    "resend_deadletter",
    "close_interconnection",
    "reconnect_interconnection",
    "release_interconnection",
    "note_interconnection",
    "pause_bot",
    "drain_worker",
    *(f"{verb}_{model}" for verb in ("view", "add", "change") for model in ("bot", "salesforceorg", "route")),
}
EVERYTHING = {name for rights in (*RIGHTS.values(), *ELSEWHERE.values()) for name in rights}
GROUPS = {
    "Viewers": LOOK,
    "Supervisors": LOOK | STEER,
    "Operators": LOOK | RUN,
    "Administrators": EVERYTHING,
    "Auditors": LOOK
    | {"view_deadletter", "download_interconnection"}
    | {f"view_{model}" for model in ("bot", "salesforceorg", "route", "user", "group")},
}


def add_groups(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    # Permissions are made after all migrations; these are needed now, and are found there then.
    made = {}
    for (app, model), rights in ({("interconnections", model): of for model, of in RIGHTS.items()} | ELSEWHERE).items():
        kind, _ = ContentType.objects.get_or_create(app_label=app, model=model)
        for codename, name in rights.items():
            made[codename], _ = Permission.objects.get_or_create(
                content_type=kind, codename=codename, defaults={"name": name}
            )
    for name, rights in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*(made[codename] for codename in rights))


class Migration(migrations.Migration):
    dependencies = [
        ("interconnections", "0010_meta"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.AlterModelOptions(
            name="interconnection",
            options={
                "base_manager_name": "objects",
                "default_permissions": ("view",),
                "managed": False,
                "ordering": ["-timestamp"],
                "permissions": [
                    *((codename, name) for codename, name in INTERCONNECTION.items() if "view_inter" not in codename),
                    ("use_api", "May call the bots' HTTP API"),
                ],
                "verbose_name": "interconnection",
            },
        ),
        migrations.AlterModelOptions(
            name="bot", options={"permissions": [("pause_bot", "Can pause the new hand-overs of a bot")]}
        ),
        migrations.RunPython(add_groups, migrations.RunPython.noop),
    ]
