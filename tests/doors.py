"""Each address of the product, and who gets it: 302 for nobody is the way to sign in, 404 is the answer to
whatever one may not know. ARGUMENTS names the rows that the addresses are asked about."""

WHO = ("nobody", "sam", "noor", "luz", "ana", "dev", "eli", "mara")
TABLE = """
                                nobody sam noor luz ana dev eli mara
GET  home:front                    200 302 302 302 302 302 302 302
GET  home:about                    200 200 200 200 200 200 200 200
GET  home:families                 200 200 200 200 200 200 200 200
GET  home:privacy                  200 200 200 200 200 200 200 200
GET  home:help                     200 200 200 200 200 200 200 200
GET  home:leave                    302 302 302 302 302 302 302 302
GET  home:health                   503 503 503 503 503 503 503 503
GET  home:help_line_list           302 404 404 404 404 404 404 200
GET  home:help_line_create         302 404 404 404 404 404 404 200
GET  home:help_line_edit           302 404 404 404 404 404 404 200
GET  home:today                    302 200 200 200 200 200 200 200
GET  home:act                      302 303 303 404 404 404 404 404
POST home:outreach_taking          302 404 404 404 303 404 404 404
POST home:outreach_closing         302 404 404 404 303 404 404 404
GET  home:first_steps              302 200 200 404 404 404 404 404
POST home:shared_device            302 303 303 404 404 404 404 404
GET  home:people                   302 404 404 404 200 200 404 200
GET  home:person                   302 404 404 404 200 404 404 200
POST home:people                   302 404 404 404 200 200 404 200
GET  home:admission                302 404 404 404 404 404 404 200
GET  home:stay                     302 404 404 404 404 404 404 200
GET  home:care_team                302 404 404 404 404 404 404 200
POST home:care_team_ending         302 404 404 404 404 404 404 303
POST home:care_team_primary        302 404 404 404 404 404 404 303
GET  home:role                     302 404 404 404 404 404 404 200
GET  home:leaving                  302 404 404 404 404 404 404 200
GET  home:closing                  302 404 404 404 404 404 404 302
POST home:closing                  302 404 404 404 404 404 404 303
POST home:reopening                302 404 404 404 404 404 404 303
GET  home:emergency                302 404 404 404 404 200 404 404
POST home:emergency                302 404 404 404 404 422 404 404
POST home:emergency_ending         302 404 404 404 404 303 404 404
GET  home:discharge                302 404 404 404 404 404 404 200
POST home:discharge                302 404 404 404 404 404 404 422
GET  home:reach_out_handover       302 404 404 404 404 404 404 200
POST home:reach_out_handover       302 404 404 404 404 404 404 422
GET  home:death                    302 404 404 404 404 404 404 302
POST home:death                    302 404 404 404 404 404 404 303
GET  accounts:profile              302 200 200 200 200 200 200 200
POST accounts:profile              302 422 422 404 422 422 422 422
GET  accounts:staying              302 200 200 200 200 200 200 200
GET  accounts:access               302 200 200 200 200 200 200 200
GET  accounts:audit                302 404 404 404 404 404 404 200
GET  accounts:invitation           200 200 200 200 200 200 200 200
GET  accounts:address_edit         302 302 302 302 302 302 302 302
GET  accounts:address              302 200 200 200 200 200 200 200
GET  accounts:invite               302 404 404 404 200 200 404 200
POST accounts:revocation           302 404 404 404 404 404 404 303
GET  accounts:card                 302 404 404 404 200 404 404 200
POST accounts:card                 302 404 404 404 303 404 404 303
GET  accounts:card_approval        302 404 404 404 404 404 404 200
POST accounts:card_approval        302 404 404 404 404 404 404 200
GET  home:export                   302 302 302 302 404 404 404 404
GET  home:deletion                 302 302 302 302 404 404 404 404
GET  home:gone                     200 200 200 200 200 200 200 200
GET  notifications:notices         302 200 200 200 200 200 200 200
GET  notifications:notice          302 302 404 404 404 404 404 404
GET  groups:group_list             302 200 200 404 404 404 404 404
GET  groups:group_manage           302 404 404 404 200 200 404 200
GET  groups:group_create           302 404 404 404 200 200 404 200
GET  groups:group_detail           302 200 200 404 200 200 404 200
GET  groups:group_edit             302 404 404 404 200 200 404 200
GET  groups:group_ending           302 404 404 404 200 200 404 200
GET  groups:agreement_versions     302 404 404 404 200 200 404 200
GET  groups:group_history          302 404 404 404 200 200 404 200
GET  groups:member_list            302 404 404 404 200 200 404 200
POST groups:member_list            302 404 404 404 422 422 404 404
POST groups:join_request           302 422 303 404 404 404 404 404
POST groups:join_request_withdrawal 302 303 303 404 404 404 404 404
GET  groups:join_request_welcome   302 404 404 404 200 404 404 404
POST groups:join_request_refusal   302 404 404 404 303 404 404 404
GET  groups:membership_ending      302 200 404 404 200 404 404 404
POST groups:membership_ending      302 303 404 404 422 404 404 404
GET  groups:room_list              302 404 404 404 404 404 404 200
GET  groups:room_edit              302 404 404 404 404 404 404 200
POST groups:room_closing           302 404 404 404 404 404 404 422
GET  groups:room_history           302 404 404 404 200 200 404 200
GET  groups:series_history         302 404 404 404 200 200 404 200
GET  groups:session_history        302 404 404 404 200 200 404 200
GET  groups:schedule               302 404 404 404 200 200 404 200
GET  groups:month                  302 404 404 404 200 200 404 200
GET  groups:series_create          302 404 404 404 200 200 404 200
POST groups:series_dates           302 404 404 404 200 200 404 200
GET  groups:series_detail          302 404 404 404 200 200 404 200
GET  groups:series_change          302 404 404 404 200 404 404 200
POST groups:series_change          302 404 404 404 422 404 404 422
POST groups:series_change_preview  302 404 404 404 200 404 404 200
GET  groups:series_end             302 404 404 404 200 404 404 200
POST groups:series_end             302 404 404 404 422 404 404 422
GET  groups:series_joining         302 200 200 404 404 404 404 404
POST groups:series_joining         302 422 422 404 404 404 404 404
POST groups:edit_undo              302 404 404 404 422 404 404 422
GET  groups:week                   302 200 200 404 404 404 404 404
GET  groups:session_detail         302 200 200 404 200 200 404 200
POST groups:booking                302 303 303 404 404 404 404 404
POST groups:booking_swap           302 303 303 404 404 404 404 404
POST groups:cancellation           302 303 303 404 404 404 404 404
POST groups:booking_automatic      302 303 303 404 404 404 404 404
POST groups:offer_acceptance       302 303 422 404 404 404 404 404
POST groups:offer_refusal          302 303 303 404 404 404 404 404
POST groups:apology                302 422 422 404 404 404 404 404
POST groups:apology_withdrawal     302 303 422 404 404 404 404 404
GET  groups:session_cancellation   302 404 404 404 200 404 404 200
POST groups:session_cancellation   302 404 404 404 303 404 404 303
GET  groups:reinstatement          302 404 404 404 303 404 404 303
POST groups:reinstatement          302 404 404 404 303 404 404 303
GET  groups:suspend                302 404 404 404 200 404 404 200
POST groups:suspend                302 404 404 404 422 404 404 422
POST groups:suspension_lifting     302 404 404 404 303 404 404 303
GET  groups:holiday_list           302 404 404 404 200 200 404 200
POST groups:holiday_list           302 404 404 404 404 404 404 422
GET  groups:holiday_detail         302 404 404 404 200 200 404 200
GET  groups:holiday_edit           302 404 404 404 404 404 404 200
POST groups:holiday_removal        302 404 404 404 404 404 404 303
POST groups:holiday_keeping        302 404 404 404 303 303 404 303
GET  groups:holiday_cancellation   302 404 404 404 200 200 404 200
POST groups:holiday_cancellation   302 404 404 404 303 303 404 303
GET  groups:session_move           302 404 404 404 200 404 404 200
POST groups:session_move           302 404 404 404 422 404 404 422
POST groups:session_move_preview   302 404 404 404 200 404 404 200
POST groups:leadership             302 404 404 404 303 303 404 404
GET  groups:attendance             302 404 404 404 200 404 404 404
GET  groups:sign_in_sheet          302 404 404 404 200 404 404 404
GET  groups:group_attendance       302 404 404 404 200 404 404 200
GET  groups:attendance_export      302 404 404 404 200 404 404 200
GET  groups:own_attendance         302 200 200 404 404 404 404 404
POST groups:attendance_mark        302 404 404 404 422 404 404 404
GET  groups:walk_in                302 404 404 404 200 404 404 404
POST groups:walk_in                302 404 404 404 422 404 404 404
GET  groups:attention              302 404 404 404 200 200 404 200
POST groups:date_leaving_out       302 404 404 404 303 404 404 303
GET  groups:leave_list             302 404 404 404 200 200 404 200
GET  groups:leave_ending           302 404 404 404 200 404 404 200
GET  groups:substitute             302 404 404 404 200 404 404 200
POST groups:substitute_ending      302 404 404 404 303 404 404 303
GET  groups:place_finding          302 404 404 404 200 404 404 404
GET  groups:booking_priority       302 404 404 404 200 404 404 404
POST groups:booking_priority       302 404 404 404 422 404 404 404
POST groups:priority_lifting       302 404 404 404 303 404 404 404
POST groups:booking_placing        302 404 404 404 303 404 404 404
GET  groups:session_note           302 404 404 404 200 404 404 404
POST groups:session_note           302 404 404 404 422 404 404 404
GET  groups:company                302 200 200 404 404 404 404 404
POST groups:company                302 303 303 404 404 404 404 404
POST groups:encouragement_ending   302 303 303 404 404 404 404 404
GET  groups:encouragement          302 200 404 404 404 404 404 404
POST groups:encouragement          302 422 404 404 404 404 404 404
GET  groups:distance               302 200 404 404 404 404 404 404
POST groups:distance               302 422 404 404 404 404 404 404
POST groups:encouragement_distance 302 303 404 404 404 404 404 404
POST groups:distance_ending        302 303 404 404 404 404 404 404
GET  groups:feed                   302 200 200 404 404 404 404 404
POST groups:feed                   302 200 303 404 404 404 404 404
POST groups:feed_ending            302 303 303 404 404 404 404 404
GET  groups:calendar               200 200 200 200 200 200 200 200
GET  groups:house_boards           302 404 404 404 404 404 404 200
POST groups:house_boards           302 404 404 404 404 404 404 422
POST groups:house_board_ending     302 404 404 404 404 404 404 303
GET  groups:house_board            200 200 200 200 200 200 200 200
GET  journal:entry_list            302 200 200 200 404 404 404 404
GET  journal:entry_create          302 200 200 404 404 404 404 404
GET  journal:entry_detail          302 200 404 404 404 404 404 404
GET  journal:entry_edit            302 200 404 404 404 404 404 404
GET  journal:entry_delete          302 200 404 404 404 404 404 404
POST journal:entry_delete          302 303 404 404 404 404 404 404
GET  checkins:check_in             302 200 200 404 404 404 404 404
POST checkins:acceptance           302 303 303 404 404 404 404 404
POST checkins:not_today            302 303 303 404 404 404 404 404
POST checkins:wish                 302 303 303 404 404 404 404 404
GET  checkins:history              302 200 200 404 404 404 404 404
GET  checkins:reminder_plan        302 200 200 404 404 404 404 404
GET  faq:article_list              200 200 200 200 200 200 200 200
GET  faq:article_feed              200 200 200 200 200 200 200 200
GET  faq:article_detail            200 200 200 200 200 200 200 200
GET  faq:question_list             200 200 200 200 200 200 200 200
GET  faq:question_detail           200 200 200 200 200 200 200 200
GET  faq:search                    200 200 200 200 200 200 200 200
GET  faq:sitemap                   200 200 200 200 200 200 200 200
GET  faq:library                   302 404 404 404 404 404 200 200
GET  faq:topic_list                302 404 404 404 404 404 200 200
GET  faq:topic_edit                302 404 404 404 404 404 200 200
GET  faq:piece_create              302 404 404 404 404 404 200 200
GET  faq:piece_edit                302 404 404 404 404 404 200 200
GET  faq:piece_preview             302 404 404 404 404 404 200 200
POST faq:publication               302 404 404 404 404 404 303 303
POST faq:withdrawal                302 404 404 404 404 404 303 303
GET  account_login                 200 302 302 302 302 302 302 302
GET  account_logout                302 200 200 200 200 200 200 200
GET  account_inactive              200 200 200 200 200 200 200 200
GET  account_signup                200 302 302 302 302 302 302 302
GET  account_reauthenticate        302 200 200 200 200 200 200 200
GET  account_change_password       302 200 200 200 200 200 200 200
GET  account_set_password          302 302 302 302 302 302 302 302
GET  account_reset_password        200 200 200 200 200 200 200 200
GET  account_reset_password_done   200 200 200 200 200 200 200 200
GET  account_reset_password_from_key 200 200 200 200 200 200 200 200
GET  account_reset_password_from_key_done 200 200 200 200 200 200 200 200
GET  usersessions_list              302 200 200 200 200 200 200 200
POST usersessions_ending            302 303 404 404 404 404 404 404
POST usersessions_others_ending     302 303 303 303 303 303 303 303
GET  mfa_index                      302 200 200 200 200 200 200 200
GET  mfa_set_up                     302 303 200 200 200 200 200 200
GET  mfa_authenticate               302 302 302 302 302 302 302 302
GET  mfa_reauthenticate             302 302 302 302 302 302 302 302
GET  mfa_activate_totp              302 302 302 302 302 302 302 302
GET  mfa_deactivate_totp            302 404 404 404 404 404 404 404
GET  mfa_view_recovery_codes        302 404 404 404 404 404 404 404
GET  mfa_generate_recovery_codes    302 302 302 302 302 302 302 302
POST mfa_download_recovery_codes    302 404 404 404 404 404 404 404
GET  mfa_list_webauthn              302 200 200 200 200 200 200 200
GET  mfa_add_webauthn               302 302 302 302 302 302 302 302
GET  mfa_reauthenticate_webauthn    302 200 302 302 302 302 302 302
GET  mfa_login_webauthn             302 302 302 302 302 302 302 302
GET  mfa_remove_webauthn            302 302 302 302 302 302 302 302
GET  mfa_edit_webauthn              302 302 302 302 302 302 302 302
"""
ROWS = [(line.split()[0], line.split()[1], line.split()[2:]) for line in TABLE.strip().splitlines()[1:]]

ARGUMENTS = {
    "home:help_line_edit": lambda world: [world.help_line.pk],
    "home:outreach_taking": lambda world: [world.task.pk],
    "home:outreach_closing": lambda world: [world.task.pk],
    "home:person": lambda world: [world.sam.pk],
    "home:admission": lambda world: [world.luz.pk],
    "home:stay": lambda world: [world.sam.pk],
    "home:care_team": lambda world: [world.sam.pk],
    "home:care_team_ending": lambda world: [world.sam.pk, world.ana.pk],
    "home:care_team_primary": lambda world: [world.sam.pk, world.ana.pk],
    "home:role": lambda world: [world.dev.pk],
    "home:leaving": lambda world: [world.dev.pk],
    "home:closing": lambda world: [world.dev.pk],
    "home:reopening": lambda world: [world.dev.pk],
    "home:emergency": lambda world: [world.sam.pk],
    "home:emergency_ending": lambda world: [world.sam.pk],
    "home:discharge": lambda world: [world.sam.pk],
    "home:reach_out_handover": lambda world: [world.sam.pk],
    "home:death": lambda world: [world.sam.pk],
    "accounts:invitation": lambda world: [world.token],
    "accounts:address": lambda world: ["nonsense"],
    "accounts:revocation": lambda world: [world.invitation.pk],
    "accounts:card": lambda world: [world.sam.pk],
    "accounts:card_approval": lambda world: [world.card.pk],
    "notifications:notice": lambda world: [world.notice.pk],
    "groups:group_detail": lambda world: [world.group.pk],
    "groups:group_edit": lambda world: [world.group.pk],
    "groups:group_ending": lambda world: [world.group.pk],
    "groups:agreement_versions": lambda world: [world.group.pk],
    "groups:group_history": lambda world: [world.group.pk],
    "groups:member_list": lambda world: [world.closed.pk],
    "groups:join_request": lambda world: [world.closed.pk],
    "groups:join_request_withdrawal": lambda world: [world.closed.pk],
    "groups:join_request_welcome": lambda world: [world.asked.pk],
    "groups:join_request_refusal": lambda world: [world.asked.pk],
    "groups:membership_ending": lambda world: [world.membership.pk],
    "groups:room_edit": lambda world: [world.room.pk],
    "groups:room_closing": lambda world: [world.room.pk],
    "groups:room_history": lambda world: [world.room.pk],
    "groups:series_history": lambda world: [world.series.pk],
    "groups:session_history": lambda world: [world.session.pk],
    "groups:series_detail": lambda world: [world.series.pk],
    "groups:series_change": lambda world: [world.series.pk],
    "groups:series_change_preview": lambda world: [world.series.pk],
    "groups:series_end": lambda world: [world.series.pk],
    "groups:series_joining": lambda world: [world.series.pk],
    "groups:edit_undo": lambda world: [world.edit.pk],
    "groups:session_detail": lambda world: [world.session.pk],
    "groups:booking": lambda world: [world.session.pk],
    "groups:booking_swap": lambda world: [world.session.pk],
    "groups:apology": lambda world: [world.session.pk],
    "groups:apology_withdrawal": lambda world: [world.session.pk],
    "groups:cancellation": lambda world: [world.session.pk],
    "groups:booking_automatic": lambda world: [world.session.pk],
    "groups:offer_acceptance": lambda world: [world.session.pk],
    "groups:offer_refusal": lambda world: [world.session.pk],
    "groups:session_cancellation": lambda world: [world.session.pk],
    "groups:reinstatement": lambda world: [world.session.pk],
    "groups:suspend": lambda world: [world.series.pk],
    "groups:suspension_lifting": lambda world: [world.rest.pk],
    "groups:holiday_detail": lambda world: [world.holiday.pk],
    "groups:holiday_edit": lambda world: [world.holiday.pk],
    "groups:holiday_removal": lambda world: [world.holiday.pk],
    "groups:holiday_keeping": lambda world: [world.holiday.pk],
    "groups:holiday_cancellation": lambda world: [world.holiday.pk],
    "groups:session_move": lambda world: [world.session.pk],
    "groups:session_move_preview": lambda world: [world.session.pk],
    "groups:leadership": lambda world: [world.unled.pk],
    "groups:attendance": lambda world: [world.running.pk],
    "groups:sign_in_sheet": lambda world: [world.session.pk],
    "groups:group_attendance": lambda world: [world.group.pk],
    "groups:attendance_export": lambda world: [world.group.pk],
    "groups:attendance_mark": lambda world: [world.running.pk],
    "groups:walk_in": lambda world: [world.running.pk],
    "groups:date_leaving_out": lambda world: [world.skipped.series_id, world.skipped.day.isoformat()],
    "groups:leave_ending": lambda world: [world.leave.pk],
    "groups:substitute": lambda world: [world.session.pk],
    "groups:substitute_ending": lambda world: [world.session.pk],
    "groups:place_finding": lambda world: [world.lost.pk],
    "groups:booking_priority": lambda world: [world.waiting.pk],
    "groups:priority_lifting": lambda world: [world.waiting.pk],
    "groups:booking_placing": lambda world: [world.waiting.pk],
    "groups:session_note": lambda world: [world.session.pk],
    "groups:encouragement": lambda world: [world.session.pk],
    "groups:distance": lambda world: [world.session.pk],
    "groups:encouragement_distance": lambda world: [world.encouragement.pk],
    "groups:distance_ending": lambda world: [world.distance.pk],
    "groups:calendar": lambda world: [world.feed_token],
    "groups:house_board_ending": lambda world: [world.house_board.pk],
    "groups:house_board": lambda world: [world.house_board_token],
    "journal:entry_detail": lambda world: [world.entry.pk],
    "journal:entry_edit": lambda world: [world.entry.pk],
    "journal:entry_delete": lambda world: [world.entry.pk],
    "faq:article_detail": lambda world: [world.article.slug],
    "faq:question_detail": lambda world: [world.question.slug],
    "faq:topic_edit": lambda world: [world.topic.pk],
    "faq:piece_create": lambda world: ["articles"],
    "faq:piece_edit": lambda world: ["articles", world.draft.pk],
    "faq:piece_preview": lambda world: ["articles", world.draft.pk],
    "faq:publication": lambda world: ["articles", world.draft.pk],
    "faq:withdrawal": lambda world: ["articles", world.article.pk],
    "account_reset_password_from_key": lambda world: ["1", "nonsense"],
    "usersessions_ending": lambda world: [world.signed_in.pk],
    "mfa_remove_webauthn": lambda world: [world.passkey.pk],
    "mfa_edit_webauthn": lambda world: [world.passkey.pk],
}
