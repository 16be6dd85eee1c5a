"""Accounts and groups: inviting a colleague, changing what somebody may do, who signed in.

Whoever may change accounts without being a superuser, a user manager, is trusted with those of the
archive's work and with no others: accounts that could themselves change accounts are guarded.
"""

from typing import Any

from axes.models import AccessFailureLog, AccessLog
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive_site import sessions
from articles.admin.account_forms import AccountForm, RoleForm
from articles.admin.base import ClosedAdmin, ReadOnlyAdmin
from articles.admin.filters import MAX_ID, ConditionFilter
from articles.admin.rights import user_of
from articles.writing import accounts

#: Rights over accounts: whoever has one is guarded.
_OVER_ACCOUNTS = tuple(
    f"{verb}_{kind}" for verb in ("add", "change", "delete") for kind in ("user", "group")
)


def _over_accounts(link: str) -> Q:
    return Q(
        **{
            f"{link}__content_type__app_label": "auth",
            f"{link}__codename__in": _OVER_ACCOUNTS,
        }
    )


def groups_for(user: User) -> QuerySet[Group]:
    """Return the groups that *user* may put others into."""
    groups = Group.objects.order_by("name")
    if user.is_superuser:
        return groups
    guarded = Group.objects.filter(_over_accounts("permissions"))
    return groups.exclude(pk__in=guarded.values("pk"))


def is_guarded(account: User) -> bool:
    """Return whether only a superuser may change *account*."""
    rights = _over_accounts("groups__permissions") | _over_accounts("user_permissions")
    return User.objects.filter(Q(is_superuser=True) | rights, pk=account.pk).exists()


def role_name(group: Group) -> str:
    """Return what a role is called; the archive's own are translated."""
    return _(group.name)


class RoleField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A role to choose."""

    def label_from_instance(self, obj: Any) -> str:
        return role_name(obj)


class InviteForm(forms.Form):
    """Who is invited, and to what."""

    username = User._meta.get_field("username").formfield()
    first_name = User._meta.get_field("first_name").formfield()
    last_name = User._meta.get_field("last_name").formfield()
    email = forms.EmailField(label=gettext_lazy("E-mail address"), required=False, max_length=254)
    role = RoleField(label=gettext_lazy("Role"), queryset=Group.objects.none(), empty_label=None)

    def __init__(self, user: User, *args: Any) -> None:
        super().__init__(*args)
        self.fields["role"].queryset = groups_for(user)  # type: ignore[attr-defined]
        self.fields["email"].required = settings.SENDS_MAIL
        self.fields["email"].help_text = (
            _("The link to choose a password goes there.")
            if settings.SENDS_MAIL
            else _("This site sends no mail: the link is shown to you, to be passed on.")
        )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email and User.objects.filter(email__iexact=email).exists():
            raise ValidationError(_("There is an account with this address."))
        return email


class RoleFilter(ConditionFilter):
    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        groups = [(str(group.pk), role_name(group)) for group in Group.objects.order_by("name")]
        return [*groups, ("none", _("none"))]

    def condition(self, value: str) -> Q:
        if value == "none":
            return Q(groups=None)
        is_id = value.isascii() and value.isdigit() and int(value) <= MAX_ID
        return Q(groups=int(value)) if is_id else Q(pk__in=())


class ActiveFilter(ConditionFilter):
    title = gettext_lazy("account")
    parameter_name = "active"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("active")), ("no", _("closed"))]

    def condition(self, value: str) -> Q:
        return Q(is_active=value == "yes")


class _Noted(ClosedAdmin):
    """What is saved here is noted in the ledger, which rights an account or a group has too."""

    change_form_template = "admin/account/change_form.html"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        stored = self.model._default_manager.filter(pk=obj.pk).first() if change else None
        request.before = accounts.values_of(stored) if stored else {}  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def mark_of(self, obj: Any) -> str:
        return accounts.mark_of(obj)

    def remove(self, request: HttpRequest, obj: Any) -> None:
        with transaction.atomic():
            accounts.record(obj, accounts.values_of(obj), {}, actor=user_of(request))
            super().remove(request, obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        super().save_related(request, form, formsets, change)
        before: dict[str, Any] = request.before  # type: ignore[attr-defined]
        after = accounts.values_of(form.instance)
        accounts.record(form.instance, before, after, actor=user_of(request))
        is_closed = before.get("is_active") and not after.get("is_active")
        if is_closed or (before.get("is_staff") and not after.get("is_staff")):
            sessions.end_others(form.instance.pk)

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


class AccountAdmin(_Noted, UserAdmin):  # type: ignore[type-arg]
    subject = "account"
    list_display = ("username", "last_name", "first_name", "roles_shown", "is_active", "last_login")
    list_filter = (ActiveFilter, RoleFilter)
    form = AccountForm
    filter_horizontal = ("groups", "user_permissions")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset(request).prefetch_related("groups")
        return found

    @admin.display(description=gettext_lazy("roles"))
    def roles_shown(self, obj: User) -> str:
        names = [role_name(group) for group in obj.groups.all()]
        return ", ".join([_("superuser"), *names] if obj.is_superuser else names)

    # Rights

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        user = user_of(request)
        if not super().has_change_permission(request, obj) or obj is None:
            return super().has_change_permission(request, obj)
        return user.is_superuser or not is_guarded(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever did anything stays in the history: the account is closed, not deleted."""
        if not user_of(request).is_superuser:
            return False
        return obj is None or not obj.operations.exists()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        own = ["is_active", "groups"]
        if user_of(request).is_superuser:
            own[1:1] = ["is_staff", "is_superuser"]
            own.append("user_permissions")
        named = ["username", "password"] if user_of(request).is_superuser else ["username"]
        return (
            (None, {"fields": tuple(named)}),
            (_("Person"), {"fields": ("first_name", "last_name", "email")}),
            (_("Rights"), {"fields": tuple(own)}),
            (_("Dates"), {"fields": ("last_login", "date_joined")}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("last_login", "date_joined")

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["queryset"] = groups_for(user_of(request))
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "groups" and field is not None:
            field.label_from_instance = role_name  # type: ignore[method-assign,assignment]
        return field

    # Inviting

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/link/", wrap(self.link_view), name="auth_user_link"),
            path("<int:pk>/factor/", wrap(self.factor_view), name="auth_user_factor"),
            *super().get_urls(),
        ]

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        user = user_of(request)
        form = InviteForm(user, request.POST if request.method == "POST" else None)
        if form.is_valid():
            data = form.cleaned_data
            try:
                account = accounts.invite(
                    data["username"],
                    [data["role"].name],
                    email=data["email"],
                    first_name=data["first_name"],
                    last_name=data["last_name"],
                    actor=user,
                )
            except ValidationError as error:
                for name, wrong in error.message_dict.items():
                    form.add_error(name if name in form.fields else None, wrong)
            else:
                return self._link(request, account)
        context = self._context(request, _("Invite a colleague")) | {"form": form}
        return TemplateResponse(request, "admin/account/invite.html", context)

    def link_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a link at which the account chooses a password; send it, or show it."""
        return self._link(request, self._changed(request, pk))

    def factor_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take the second factor from somebody who lost it."""
        account = self._changed(request, pk)
        accounts.remove_factor(account, actor=user_of(request))
        sessions.end_others(account.pk)
        messages.success(request, _("“%s” has no second factor any more.") % account)
        return HttpResponseRedirect(reverse("admin:auth_user_change", args=[pk]))

    def _changed(self, request: HttpRequest, pk: int) -> User:
        """Return the account that a POST is about, if it may be changed."""
        account = User.objects.filter(pk=pk).first() if pk <= MAX_ID else None
        if not self.has_view_permission(request):
            raise PermissionDenied
        if account is None or request.method != "POST":
            raise Http404
        if not self.has_change_permission(request, account):
            raise PermissionDenied
        return account

    def _link(self, request: HttpRequest, account: User) -> HttpResponse:
        address = request.build_absolute_uri(accounts.link_path(account))
        problem = ""
        if not account.is_active:
            messages.error(request, _("The account is closed."))
            return HttpResponseRedirect(reverse("admin:auth_user_change", args=[account.pk]))
        if settings.SENDS_MAIL and account.email:
            try:
                accounts.send_link(account, address, actor=user_of(request))
            except OSError:
                problem = _("The mail could not be sent.")
            else:
                messages.success(request, _("A link is on its way to %s.") % account.email)
                return HttpResponseRedirect(reverse("admin:auth_user_change", args=[account.pk]))
        accounts.note(account, "link", "shown", actor=user_of(request))
        context = self._context(request, _("A link for %s") % account) | {
            "account": account,
            "address": address,
            "problem": problem,
            "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
        }
        return TemplateResponse(request, "admin/account/link.html", context)

    def _context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        request.current_app = self.admin_site.name
        return {**self.admin_site.each_context(request), "title": title, "opts": self.opts}

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        account = context.get("original")
        if account is not None and self.has_change_permission(request, account):
            context["may_send"] = account.is_active
            context["has_factor"] = sessions.has_factor(account)
        return super().render_change_form(request, context, *args, **kwargs)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        if not user_of(request).is_superuser:
            raise PermissionDenied
        account = self.get_object(request, unquote(id))
        before = account.password if account else ""
        response = super().user_change_password(request, id, form_url)
        account = self.get_object(request, unquote(id))
        if account is not None and account.password != before:
            accounts.note(account, "password", "set by hand", actor=user_of(request))
            keep = request.session.session_key if account.pk == request.user.pk else None
            sessions.end_others(account.pk, keep=keep)
        return response


class RoleAdmin(_Noted, GroupAdmin):
    subject = "group"
    form = RoleForm
    fields = ("name", "permissions")


class _SignInsAdmin(ReadOnlyAdmin):
    ordering = ("-id",)
    list_per_page = 100
    show_full_result_count = False


class SignInAdmin(_SignInsAdmin):
    list_display = ("attempt_time", "username", "ip_address", "logout_time", "user_agent")
    list_display_links = None
    fields = ("attempt_time", "username", "ip_address", "logout_time", "user_agent")


class RefusedSignInAdmin(_SignInsAdmin):
    list_display = ("attempt_time", "username", "ip_address", "locked_out", "user_agent")
    list_display_links = None
    fields = ("attempt_time", "username", "ip_address", "locked_out", "user_agent")


admin.site.unregister([User, Group])
admin.site.register(User, AccountAdmin)
admin.site.register(Group, RoleAdmin)
admin.site.register(AccessLog, SignInAdmin)
admin.site.register(AccessFailureLog, RefusedSignInAdmin)
