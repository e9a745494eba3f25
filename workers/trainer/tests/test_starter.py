import hashlib
import json

from anneal_trainer.starter import make_starter
from conftest import SAMPLE
from transformers import AutoTokenizer

MESSAGES = [
    {"role": "system", "content": "Be short."},
    {"role": "user", "content": "first"},
    {"role": "assistant", "content": "one"},
    {"role": "user", "content": "second"},
]


def digests(folder) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


def test_the_same_data_and_seed_give_the_same_files(tmp_path):
    assert make_starter(str(tmp_path / "a"), str(SAMPLE), 3) == 1_049_984
    make_starter(str(tmp_path / "b"), str(SAMPLE), 3)
    make_starter(str(tmp_path / "c"), str(SAMPLE), 4)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert digests(tmp_path / "a")["model.safetensors"] != digests(tmp_path / "c")["model.safetensors"]


def test_its_tokenizer_takes_any_text_and_its_template_shows_the_last_question(tmp_path):
    make_starter(str(tmp_path))
    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    for text in ["naïve façade", "水下机器人 🐙", "\x00\t\r\n", "<think>\na\n</think>\n\nb", "данные"]:
        assert tokenizer.decode(tokenizer(text)["input_ids"]) == text
    assert len(tokenizer("<think>")["input_ids"]) == 1 and len(tokenizer("</think>")["input_ids"]) == 1
    shown = tokenizer.apply_chat_template(MESSAGES, tokenize=False, add_generation_prompt=True)
    assert shown == "<|im_start|>user\nsecond<|im_end|>\n<|im_start|>assistant\n"


def test_the_served_sampling_is_cool_and_ends(tmp_path):
    make_starter(str(tmp_path))
    generation = json.loads((tmp_path / "generation_config.json").read_text())
    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    assert generation["temperature"] <= 0.3 and tokenizer.convert_tokens_to_ids("<|im_end|>") in generation["eos_token_id"]
