"""Notices to the postmaster: what a client and the server said, when errors of a class of notify_classes happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.postfix.lib.post_mail import Post

if TYPE_CHECKING:
    from maillab.sim.postfix._smtpd.session import Session

LINE_WIDTH = 128


async def postmaster(session: Session) -> None:
    """Send the transcript of a session, when it deserves one."""
    params = session.service.params
    wanted = {word.lower() for word in params.words("notify_classes")}
    if not session.error_mask & wanted or not session.service.under_master:
        return
    sender = f"{params['double_bounce_sender']}@{params['myhostname']}"
    post = await Post.open(session.service.sys, session.service.log, params, sender, params["error_notice_recipient"])
    if post is None:
        return
    origin = params["myorigin"]
    await post.lines(
        f"From: Mail Delivery System <MAILER-DAEMON@{params['myhostname']}>",
        f"To: Postmaster <postmaster@{origin}>",
        f"Subject: {params['mail_name']} SMTP server: errors from {session.client.shown}",
        "",
        "Transcript of session follows.",
        "",
    )
    for line in session.history:
        head, rest = line[:LINE_WIDTH], line[LINE_WIDTH:]
        await post.line(f" {head}")
        while rest:
            head, rest = rest[:LINE_WIDTH], rest[LINE_WIDTH:]
            await post.line(f"    {head}")
    await post.line()
    if session.end_reason:
        await post.line(f"Session aborted, reason: {session.end_reason}")
    await post.lines("", "For other details, see the local mail logfile")
    await post.close()
