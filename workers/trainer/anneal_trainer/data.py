"""Reads messages JSONL into prompt and completion, one example for each answer in a conversation.

Each answer is learned with the turns before it as the prompt, as it will be asked when served; that holds for
every chat template, also for those that drop the thinking of earlier turns.
"""

import json

from anneal_trainer.failures import TrainingFailure

ROLES = {"system", "user", "assistant", "tool"}


def examples(path: str):
    """Yields {"prompt": [...], "completion": [message]}; a bad row raises DATASET_FORMAT with its number."""
    with open(path, encoding="utf-8", errors="strict") as file:
        for number, line in enumerate(_lines(file), start=1):
            if line.strip():
                yield from _conversation(line, number)


def _lines(file):
    try:
        yield from file
    except UnicodeDecodeError as error:
        raise TrainingFailure("DATASET_FORMAT", f"not UTF-8: {error.reason}", row=None) from error


def _conversation(line: str, number: int):
    def bad(message: str) -> TrainingFailure:
        return TrainingFailure("DATASET_FORMAT", f"row {number}: {message}", row=number)

    try:
        messages = json.loads(line)["messages"]
    except (ValueError, KeyError, TypeError) as error:
        raise bad("no JSON object with messages") from error
    if not isinstance(messages, list):
        raise bad("messages is no list")
    turns = []
    for message in messages:
        if not isinstance(message, dict) or message.get("role") not in ROLES:
            raise bad("a message without a known role")
        if not isinstance(message.get("content"), str):
            raise bad("a message whose content is no text")
        content, reasoning = message["content"], message.get("reasoning")
        if message["role"] == "assistant":
            if reasoning and "<think>" not in content:
                content = f"<think>\n{reasoning}\n</think>\n\n{content}"
            if turns:
                yield {"prompt": list(turns), "completion": [{"role": "assistant", "content": content}]}
            content = content.rpartition("</think>")[2].lstrip()  # earlier turns are sent without their thinking
        turns.append({"role": message["role"], "content": content})
