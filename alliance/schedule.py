"""The schedule of Celery beat. Read by the settings."""

from celery.schedules import crontab

BEAT_SCHEDULE = {
    name: {
        "task": task,
        "schedule": schedule,
        # A message that is still queued when the next one is sent is useless.
        "options": {"expires": expires},
    }
    for name, task, schedule, expires in (
        ("overdue-steps", "cases.tasks.escalate_overdue_steps", 30.0, 30),
        ("figures", "cases.tasks.publish_figures", 30.0, 30),
        ("channel-alerts", "cases.liaison.tasks.send_alerts", 30.0, 30),
        ("stream-accounts", "cases.liaison.tasks.check_stream_accounts", 10.0, 10),
        ("listing-keys", "cases.tasks.check_listing_keys", 30.0, 30),
        ("member-reminders", "cases.tasks.remind_members", 600.0, 600),
        ("retention", "cases.tasks.delete_old_records", 600.0, 600),
        ("sessions", "members.tasks.delete_expired_sessions", 600.0, 600),
        ("evidence-space", "cases.tasks.check_evidence_space", 600.0, 600),
        ("discarded-drafts", "cases.tasks.dispose_discarded", 3600.0, 3600),
        ("stream-trim", "cases.liaison.tasks.trim_streams", crontab(hour=4, minute=7), 6 * 3600),
        ("right-reminders", "members.tasks.remind_of_rights", 3600.0, 3600),
        ("agent-reminders", "members.tasks.remind_of_authorisations", 3600.0, 3600),
        ("bulk-actions", "cases.tasks.run_bulk", 30.0, 30),
        ("saved-views", "cases.tasks.look_at_views", 60.0, 60),
        ("imports", "members.tasks.run_imports", 30.0, 30),
        ("old-imports", "members.tasks.delete_old_imports", crontab(hour=2, minute=17), 6 * 3600),
        ("token-reminders", "members.tasks.remind_of_tokens", 3600.0, 3600),
        ("stored-answers", "members.tasks.delete_stored_answers", 3600.0, 3600),
        (
            "leftover-documents",
            "members.tasks.delete_leftovers",
            crontab(hour=2, minute=47),
            6 * 3600,
        ),
        (
            "expired-applications",
            "members.tasks.delete_expired_applications",
            crontab(hour=2, minute=27),
            6 * 3600,
        ),
        (
            "missing-previews",
            "cases.tasks.add_missing_previews",
            crontab(hour=3, minute=37),
            6 * 3600,
        ),
        ("storage-recount", "cases.tasks.recount_storage", crontab(hour=3, minute=17), 6 * 3600),
    )
}
