"""The switches of Meta's side: what its sheets mark U (unconfirmed) or X (disputed), and what a test needs quicker.

`cloud_` is WhatsApp Cloud API, `page_` is Messenger, `meta_` is both.  Where nothing speaks for either reading the
default is the one that forgives less.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class GraphOptions:
    """One part of `Rules`."""

    # Meta: calls (WA §1, §11, FB §9)
    meta_versions: list[str] = field(default_factory=lambda: ["v23.0", "v24.0", "v25.0", "v26.0"])
    meta_without_version: str = "oldest"  # "refused": a path without a version is none
    meta_error_status: str = "by_code"  # U: the exact mapping; "400" for every code
    meta_error_data: str = "object"  # error_data can also be a string
    meta_unknown_keys: str = "refused"
    meta_calls_per_hour: int | None = None  # of one app: code 4
    meta_usage_percent: int = 1  # what X-App-Usage says

    # Meta: webhooks (WA §2.2, FB §2.2)
    meta_webhook_timeout: float = 20.0  # U: s
    meta_webhook_success: str = "200"  # U: "2xx" takes the others too
    meta_retry_pause: float = 1.0  # s after the second attempt, which comes at once; then twice as long each time
    meta_retry_longest: float = 3600.0
    meta_retry_for: float = 7 * 86_400.0  # WhatsApp; the page of all Graph webhooks says 36 h
    meta_webhook_copies: int = 1  # each POST so many times
    meta_batch: int = 1  # events in one POST
    meta_batch_seconds: float = 0.3  # s that an event waits for others
    meta_batch_shape: str = "entries"  # "merged": one entry, one value, several messages
    meta_batch_order: str = "as_told"
    meta_signature: str = "right"

    # WhatsApp Cloud: users (WA §9, §10)
    cloud_user_ids: bool = True  # webhooks carry BSUIDs
    cloud_user_id_goes_in: str = "recipient"  # X: some were told that it goes into `to`
    cloud_number_without_plus: str = "prefixed"  # Meta may put the business's country before it
    cloud_contacts_with_statuses: bool = True

    # WhatsApp Cloud: sends (WA §7, §8)
    cloud_window_seconds: float = 86_400.0
    cloud_window_told: str = "status"  # U: 131047 by a status after 200, or as the answer
    cloud_text_counted_in: str = "utf16"  # U
    cloud_messages_per_second: int = 80  # of a number, in and out
    cloud_pair_seconds: float = 6.0
    cloud_pair_burst: int = 45
    cloud_pair_after_burst: str = "refill"  # "debt": nothing until the whole burst is paid
    cloud_unknown_quote: str = "shown"  # without it; U: it may be refused instead
    cloud_media_told: str = "status"  # U: 131053 by a status after 200, or as the answer
    cloud_links: str = "https"  # and http of this machine; "all" takes any http, "none" fetches nothing

    # WhatsApp Cloud: statuses (WA §5)
    cloud_statuses: list[str] = field(default_factory=lambda: ["sent", "delivered", "read"])
    cloud_status_seconds: float = 0.02  # s between them
    cloud_status_order: str = "right"
    cloud_status_copies: int = 1
    cloud_statuses_before_answer: int = 0  # how many come before the send's own answer
    cloud_callback_data: bool = True  # biz_opaque_callback_data comes back

    # WhatsApp Cloud: media (WA §6)
    cloud_media_url_seconds: float = 300.0
    cloud_media_days_inbound: float = 7.0
    cloud_media_days_uploaded: float = 30.0
    cloud_media_url_in_webhook: bool = False  # gradual since November 2025
    cloud_file_size_as: str = "number"
    cloud_unknown_media: str = "100/33"  # U

    # Messenger: sends (FB §6, §7, §8)
    page_window_seconds: float = 86_400.0
    page_human_agent_seconds: float = 7 * 86_400.0
    page_window_refusal: str = "10/2018278"  # X
    page_reply_to: str = "top"  # X: older samples put it into `message`
    page_texts_per_second: int = 300
    page_media_per_second: int = 10
    page_thread_per_second: int | None = None  # U: flooded threads are throttled too
    page_calls_per_user: int = 200  # of a page, in 24 h, for each person who wrote in them
    page_media_seconds: float = 86_400.0  # U: how long what a user sent can be fetched
    page_success_as: str = "boolean"  # the docs print the string "true"

    # Messenger: what is told (FB §4)
    page_echoes: bool = True
    page_echo_seconds: float = 0.02
    page_echo_before_answer: bool = False
    page_echo_metadata: bool = True
    page_app_ids_as: str = "number"
    page_receipts: list[str] = field(default_factory=lambda: ["delivery", "read"])
    page_delivery_mids: bool = True  # only the watermark is promised
    page_sticker_twice: bool = False  # until August 2026: as image too
    page_unsubscribed_after: float = 3600.0  # s of failures

    # Messenger: routing (FB §5)
    page_idle_seconds: float = 86_400.0
    page_not_owner_refusal: str = "10/2018300"  # U: what a send into another app's thread is answered


CHOICES: dict[str, tuple[object, ...]] = {
    "meta_without_version": ("oldest", "refused"),
    "meta_error_status": ("by_code", "400"),
    "meta_error_data": ("object", "string", "missing"),
    "meta_unknown_keys": ("refused", "ignored"),
    "meta_webhook_success": ("200", "2xx"),
    "meta_batch_shape": ("entries", "merged"),
    "meta_batch_order": ("as_told", "reversed"),
    "meta_signature": ("right", "wrong", "missing"),
    "cloud_user_id_goes_in": ("recipient", "to", "either"),
    "cloud_number_without_plus": ("prefixed", "as_is"),
    "cloud_window_told": ("status", "answer"),
    "cloud_text_counted_in": ("utf16", "code_points"),
    "cloud_pair_after_burst": ("refill", "debt"),
    "cloud_unknown_quote": ("shown", "100", "131009"),
    "cloud_media_told": ("status", "answer"),
    "cloud_links": ("https", "all", "none"),
    "cloud_status_order": ("right", "reversed"),
    "cloud_file_size_as": ("number", "string"),
    "cloud_unknown_media": ("100/33", "404"),
    "page_window_refusal": ("10/2018278", "10/2018065", "551/1545041"),
    "page_reply_to": ("top", "message", "either"),
    "page_success_as": ("boolean", "string"),
    "page_app_ids_as": ("number", "string"),
    "page_not_owner_refusal": ("10/2018300", "taken"),
}
WORDS: dict[str, tuple[str, ...]] = {
    "cloud_statuses": ("sent", "delivered", "read", "played"),
    "page_receipts": ("delivery", "read"),
}
NULLABLE = frozenset({"meta_calls_per_hour", "page_thread_per_second"})
