"""Dead letters in the console: no table, two rights, which Supervisors get."""

from django.db import migrations, models


def add_rights(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    kind, _ = ContentType.objects.get_or_create(app_label="interconnections", model="deadletter")
    supervisors, _ = Group.objects.get_or_create(name="Supervisors")
    for codename, name in (
        ("view_deadletter", "Can view dead letter"),
        ("resend_deadletter", "Can send dead letters again, or drop them"),
    ):
        right, _ = Permission.objects.get_or_create(content_type=kind, codename=codename, defaults={"name": name})
        supervisors.permissions.add(right)


class Migration(migrations.Migration):
    dependencies = [("interconnections", "0003_limits_and_paces")]
    operations = [
        migrations.CreateModel(
            name="DeadLetter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "verbose_name": "dead letter",
                "permissions": [("resend_deadletter", "Can send dead letters again, or drop them")],
                "managed": False,
                "base_manager_name": "objects",
                "default_permissions": ("view",),
            },
        ),
        migrations.RunPython(add_rights, migrations.RunPython.noop),
    ]
