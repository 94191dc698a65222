"""What the old service did wrong (W1 to W58, section 7 of its sheet), and the tests that show that we do not.

`pytest -m weakness` runs them all, `pytest -k W14` those of one.  tests/test_weaknesses.py holds this table complete.
"""

COVERED: dict[str, tuple[str, ...]] = {
    # Delivery, order, scaling
    "W1": (  # a 503 never reached the reconnect
        "story/test_handovers.py::test_a_hand_over_while_nothing_happens_is_not_noticed",
        "unit/test_live_agent_statuses.py::test_a_status_decides_whatever_the_body",
    ),
    "W2": (  # up to twelve copies of one message
        "story/test_conversations.py::test_a_409_after_a_lost_answer_means_that_it_was_delivered",
        "story/test_conversations.py::test_the_platforms_troubles_cost_time_but_no_message",
        "unit/test_yalo_sends.py::test_the_repeat_of_a_message_is_the_same_request",
        "records/test_simulated_org.py::test_a_case_is_made_once_though_its_answer_is_lost_and_a_file_is_tied_to_it",
        "records/test_made_once.py::test_a_create_whose_answer_is_lost_is_not_done_twice",
        "records/test_crashes.py::test_whenever_it_dies_there_is_one_of_each",
        "files/test_bring.py::test_an_upload_whose_answer_is_lost_is_not_made_again",
    ),
    "W3": (  # no sequence number was sent
        "unit/test_live_agent_requests.py::test_only_sequenced_posts_carry_a_sequence",
        "store/test_lanes.py::test_a_sequence_number_belongs_to_one_message_whoever_sends_it",
    ),
    "W4": (  # a later poll overtook an earlier one; acknowledged before it was handled
        "store/test_polls.py::test_an_answer_moves_the_ack_and_queues_what_was_said",
        "store/test_polls.py::test_the_same_answer_again_is_stale_and_changes_nothing",
        "unit/test_transitions.py::test_one_answer_is_read_in_its_order_and_the_status_goes_with_it",
    ),
    "W5": (  # order lost in both directions
        "story/test_conversations.py::test_a_burst_from_both_sides_keeps_both_orders",
        "store/test_machine.py::test_whatever_happens_the_store_does_what_its_model_does",
    ),
    "W6": (  # at most once
        "store/test_lanes.py::test_a_settlement_whose_answer_was_lost_is_not_settled_twice",
        "story/test_workers.py::test_a_worker_killed_in_the_middle_loses_nothing",
    ),
    "W7": (  # live sessions known to one process only
        "chaos/test_scenarios.py::test_nothing_is_lost_misplaced_or_said_twice_when[web killed]",
        "store/test_lanes.py::test_the_owner_is_rung_by_the_very_script_that_stores_it",
    ),
    "W8": (  # each replica polled all sessions
        "store/test_leases.py::test_shares_are_fair",
        "store/test_machine.py::test_whatever_happens_the_store_does_what_its_model_does",
        "story/test_workers.py::test_rolling_restarts_lose_nothing_and_exit_0",
    ),
    "W9": (  # ack, offset and context not persisted
        "unit/test_conversation.py::test_another_worker_polls_on_where_the_last_one_stopped",
        "store/test_polls.py::test_an_answer_moves_the_ack_and_queues_what_was_said",
    ),
    "W10": (  # said while waiting, never delivered
        "store/test_lanes.py::test_words_while_waiting_are_kept_and_come_after_the_past_in_order",
    ),
    "W11": (  # the user's words came before context and welcome
        "store/test_lanes.py::test_words_while_waiting_are_kept_and_come_after_the_past_in_order",
        "unit/test_transitions.py::test_a_past_of_several_messages_comes_before_the_welcome",
    ),
    "W12": (  # a chat that failed fast locked its user out for a day
        "store/test_starts.py::test_a_start_that_failed_frees_the_user_and_tells_the_bot",
        "store/test_polls.py::test_an_ending_clears_tokens_and_frees_the_user",
        "story/test_conversations.py::test_a_failed_start_is_answered_told_to_the_bot_and_may_be_tried_again",
    ),
    "W13": (  # two simultaneous connects made two chats
        "store/test_starts.py::test_two_simultaneous_connects_make_one_reservation",
        "story/test_conversations.py::test_twenty_simultaneous_connects_open_one_chat",
    ),
    "W14": (  # noted as seen before it was kept
        "store/test_scripts.py::test_without_memory_a_script_does_nothing_rather_than_half",
        "http/test_whatsapp.py::test_a_refused_message_may_be_mended_under_the_same_id",
        "story/test_conversations.py::test_a_webhook_sent_ten_times_at_once_is_read_once",
    ),
    "W15": (  # items without an id shared one key
        "http/test_facebook.py::test_every_item_of_a_webhook_is_kept",
        "unit/test_rendering.py::test_every_item_of_a_batch_is_a_message_of_its_own",
    ),
    "W16": (  # one busy tenant delayed all
        "store/test_shores.py::test_another_bot_does_not_notice",
        "store/test_shores.py::test_the_trouble_of_one_conversation_alone_holds_no_other",
    ),
    "W17": (  # tokens frozen into queued messages
        "store/test_handovers.py::test_what_waits_is_sent_with_the_tokens_of_then",
        "story/test_handovers.py::test_a_hand_over_on_every_tenth_message_while_both_sides_talk",
    ),
    "W18": (  # any network error ended the chat
        "story/test_conversations.py::test_salesforces_troubles_cost_time_but_no_message",
        "story/test_handovers.py::test_troubles_during_the_hand_over_cost_time_but_no_message",
    ),
    "W19": (  # no drain at shutdown
        "story/test_workers.py::test_rolling_restarts_lose_nothing_and_exit_0",
    ),
    # Lost content, as far as it is delivery
    "W20": ("unit/test_rendering.py::test_what_an_agent_reads_of_a_whatsapp_message",),
    "W21": (
        "unit/test_rendering.py::test_what_an_agent_reads_of_a_messenger_item",
        "unit/test_rendering.py::test_every_item_of_a_batch_is_a_message_of_its_own",
    ),
    "W22": (  # a failed upload was told as success
        "files/test_bring.py::test_what_is_refused_is_told_to_both_and_the_link_passed_on",
        "records/test_files.py::test_only_an_id_is_success",
    ),
    "W23": ("unit/test_rendering.py::test_every_kind_of_file_has_a_label",),
    "W24": (
        "unit/test_transcript.py::test_the_whole_block",
        "unit/test_transcript.py::test_a_long_past_is_cut_between_entries",
        "unit/test_transcript.py::test_nothing_said_is_nothing_told",
    ),
    "W26": (
        "unit/test_properties.py::test_pieces_joined_are_the_text_and_each_is_within_the_limit",
        "story/test_conversations.py::test_long_texts_arrive_in_pieces_that_are_the_text_again",
    ),
    "W27": (
        "unit/test_transitions.py::test_a_user_is_told_in_the_bots_words",
        "story/test_telling.py::test_a_user_is_told_their_place_and_is_warned_before_a_silence_ends_the_chat",
    ),
    "W32": (  # values formatted into SOQL
        "records/test_soql.py::test_a_literal_is_one_literal",
        "records/test_configuration.py::test_names_that_are_none_do_not_reach_a_query",
    ),
    # Crashes
    "W37": ("store/test_context.py::test_what_is_too_old_is_not_told_and_breaks_nothing",),
    "W38": (  # a session from Redis had no way back to its bot
        "unit/test_transitions.py::test_a_bot_without_an_address_for_states_gets_none",
        "story/test_workers.py::test_what_is_said_while_no_worker_lives_arrives_when_one_comes",
    ),
    "W39": (  # an error that is a list
        "records/test_client.py::test_no_answer_makes_the_reader_stumble",
        "records/test_sheet.py::test_every_error_of_the_sheet_says_what_to_do",
    ),
    "W40": (  # a hand-over without messages, or whose numbers begin again
        "unit/test_live_agent_payloads.py::test_a_hand_overs_answer_is_read",
        "unit/test_properties.py::test_no_answer_raises_anything_but_a_desk_error",
    ),
    "W41": ("unit/test_yalo_payloads.py::test_another_provider_is_refused_at_once",),
    "W42": (
        "story/test_redis_troubles.py::test_workers_that_start_before_redis_wait_for_it",
        "story/test_redis.py::test_redis_killed_and_restarted_while_people_talk",
    ),
    "W43": ("unit/test_transcript.py::test_a_wrong_zone_is_utc",),
    "W44": (  # unchecked types in extraData
        "records/test_connect.py::test_a_bots_odd_values_stop_nothing",
        "records/test_phones.py::test_whatever_a_bot_sends_can_be_written",
    ),
    "W45": (
        "unit/test_properties.py::test_no_answer_raises_anything_but_a_desk_error",
        "unit/test_properties.py::test_unknown_keys_never_change_the_news",
    ),
    "W46": (
        "store/test_scripts.py::test_hearing_and_reading_at_once_keeps_every_number_unique",
        "store/test_machine.py::test_whatever_happens_the_store_does_what_its_model_does",
    ),
    # Wrong results, as far as they lose, repeat or lock out
    "W47": (  # a failed search made a second contact
        "records/test_contacts.py::test_a_failed_search_is_not_nobody",
        "records/test_people.py::test_the_first_search_that_finds_decides",
    ),
    "W48": (  # the bot was told twice how it ended
        "store/test_polls.py::test_an_ending_happens_once_and_the_bot_is_told_once",
        "store/test_polls.py::test_whoever_is_leaving_is_not_called_lost",
    ),
    "W49": (  # types that were ignored by a part of their name
        "unit/test_yalo_payloads.py::test_what_a_bot_ignores_is_its_own_to_say",
    ),
    "W52": (  # after a keyword the user could not connect again
        "story/test_waiting.py::test_a_keyword_takes_the_user_back_to_the_bot",
        "store/test_lanes.py::test_hanging_up_frees_the_user_at_once_and_ends_after_what_was_said",
    ),
    "W53": (  # one user on two bots collided; a chat ended with its key after a day
        "store/test_starts.py::test_one_user_of_two_bots_has_two_conversations",
        "store/test_starts.py::test_an_open_conversation_does_not_expire",
    ),
    "W54": ("store/test_context.py::test_the_past_is_bounded_and_ends_by_itself",),
    "W56": ("http/test_connect.py::test_a_second_chat_is_a_conflict_in_words",),
    "W57": (  # the cause of a refused contact was lost
        "records/test_org_in_trouble.py::test_a_rules_own_words_reach_the_caller",
        "records/test_org_in_trouble.py::test_what_cannot_be_is_said_in_a_sentence",
    ),
    "W58": ("story/test_conversations.py::test_probes_say_alive_and_ready",),
}

# Not of delivery, order, scaling or crashes: security, privacy and configuration have tests of their own.
ELSEWHERE: dict[str, str] = {
    "W25": "names of files",
    "W28": "webhooks without authentication",
    "W29": "fetching whatever a webhook names",
    "W30": "passwords in tokens",
    "W31": "secrets and texts in logs",
    "W33": "a customer's field in the code",
    "W34": "profiling without a log-in, plain HTTP",
    "W35": "keys and texts at rest in the queue",
    "W36": "bodies without a limit",
    "W50": "configuration that could not hold its separators",
    "W51": "a default that made production a test bed",
    "W55": "templates without their place",
}
