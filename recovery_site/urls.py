from allauth.account import views as allauth_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.webauthn import views as webauthn
from django.urls import include, path, re_path

from accounts.sign_in.second_factor import views as second_factor
from accounts.views import devices, session

# The pages of allauth that the product uses; the others do not exist here.
sign_in = [
    path("login/", allauth_views.login, name="account_login"),
    path("logout/", session.sign_out, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("signup/", allauth_views.signup, name="account_signup"),
    path("reauthenticate/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", allauth_views.password_change, name="account_change_password"),
    path("password/set/", allauth_views.password_set, name="account_set_password"),
    path("password/reset/", allauth_views.password_reset, name="account_reset_password"),
    path("password/reset/done/", allauth_views.password_reset_done, name="account_reset_password_done"),
    # A key holds a hyphen itself, so a converter that takes all up to the last one will not do.
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("sessions/", devices.device_list, name="usersessions_list"),
    path("sessions/<int:pk>/ending/", devices.device_ending, name="usersessions_ending"),
    path("sessions/others/ending/", devices.other_devices_ending, name="usersessions_others_ending"),
    path("2fa/", mfa_views.index, name="mfa_index"),
    path("2fa/set-up/", second_factor.set_up, name="mfa_set_up"),
    path("2fa/authenticate/", second_factor.SecondStep.as_view(), name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa_views.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", second_factor.SetUpCode.as_view(), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", second_factor.RemoveCode.as_view(), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/", second_factor.NewCodes.as_view(), name="mfa_generate_recovery_codes"
    ),
    path("2fa/recovery-codes/download/", second_factor.download_codes, name="mfa_download_recovery_codes"),
    path("2fa/passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("2fa/passkeys/add/", second_factor.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path(
        "2fa/passkeys/reauthenticate/",
        second_factor.PasskeyAgain.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("2fa/passkeys/login/", second_factor.PasskeySignIn.as_view(), name="mfa_login_webauthn"),
    path("2fa/passkeys/<int:pk>/remove/", second_factor.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("2fa/passkeys/<int:pk>/edit/", second_factor.RenamePasskey.as_view(), name="mfa_edit_webauthn"),
]

handler404 = "accounts.views.language.not_found"
handler500 = "recovery_site.request_log.server_error"
urlpatterns = [
    path("", include("recovery_site.home.urls")),
    path("", include("accounts.urls")),
    path("", include("notifications.urls")),
    path("", include("groups.urls")),
    path("", include("journal.urls")),
    path("", include("checkins.urls")),
    path("", include("faq.urls")),
    path("accounts/", include(sign_in)),
]
