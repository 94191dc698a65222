"""The two roles of the old service, as groups, and one for the console.

Whoever is in YALO_ROLE may call the bots' HTTP API; Supervisors look at conversations and may end them.
"""

from django.db import migrations


def add_roles(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    # Permissions are made after all migrations; this one is needed now, and is found there then.
    kind, _ = ContentType.objects.get_or_create(app_label="interconnections", model="interconnection")
    use_api, _ = Permission.objects.get_or_create(
        content_type=kind, codename="use_api", defaults={"name": "May call the bots' HTTP API"}
    )
    yalo, _ = Group.objects.get_or_create(name="YALO_ROLE")
    yalo.permissions.add(use_api)
    Group.objects.get_or_create(name="SALESFORCE_ROLE")
    supervisors, _ = Group.objects.get_or_create(name="Supervisors")
    for codename, name in (
        ("view_interconnection", "Can view interconnection"),
        ("close_interconnection", "Can end a conversation"),
    ):
        right, _ = Permission.objects.get_or_create(content_type=kind, codename=codename, defaults={"name": name})
        supervisors.permissions.add(right)


class Migration(migrations.Migration):
    dependencies = [
        ("interconnections", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(add_roles, migrations.RunPython.noop)]
