"""The built-in starter: a Qwen3 of about one million parameters, made on the spot, for trying the path.

    python -m anneal_trainer.starter --out DIR [--data FILE] [--seed N]

It knows nothing: its weights are random and its tokenizer is trained on the dataset's own text. The same
data and seed give the same files. The folder is an ordinary Hugging Face model folder.
"""

import argparse
import json
import os

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

VOCABULARY = 2048
MAX_LENGTH = 2048
END_OF_TEXT, TURN, END_OF_TURN = "<|endoftext|>", "<|im_start|>", "<|im_end|>"

# Something of each kind of text, so that the tokenizer has met letters, Chinese and code whatever the dataset.
CORPUS = [
    "The quick brown fox jumps over the lazy dog. Please write a short answer and explain each step.",
    "How do I do this? What is it, why, when, where and who? Yes, no, maybe, thank you, hello and goodbye.",
    "First read the question, then think about it, and then answer in plain words. That is all there is to it.",
    "0 1 2 3 4 5 6 7 8 9 10 20 50 100 1,000 2024 2025 2026 99.5 percent, 12:30, 7 days, 24 hours, 60 minutes",
    "def add(a, b):\n    return a + b\n\nfor (const item of items) { console.log(item.name) }\n",
    '{"name": "value", "list": [1, 2, 3], "ok": true}\n- one\n- two\n\n**bold** and *italic* and `code`\n',
    "请用简单的话回答问题,先想一想,再一步一步说明。你好,谢谢,再见。",
    "今天天气很好,我们一起学习人工智能、机器学习和大语言模型。这是什么?为什么?怎么做?",
]

# A model of this size can attend to one question, not to a conversation: its template shows it the last one
# alone, in training and when served. Earlier turns and a system prompt are left out.
CHAT_TEMPLATE = """\
{%- set place = namespace(first=0) %}
{%- for message in messages %}{% if message.role == 'user' %}{% set place.first = loop.index0 %}{% endif %}{% endfor %}
{%- for message in messages[place.first:] %}
{{- '<|im_start|>' + message.role + '\\n' }}
{%- if message.role == 'assistant' and message.reasoning_content %}
{{- '<think>\\n' + message.reasoning_content + '\\n</think>\\n\\n' }}
{%- endif %}
{{- message.content + '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{% endif %}"""


def dataset_texts(path: str):
    """Every text of a messages JSONL file; a row that is none is left to the trainer to complain about."""
    with open(path, encoding="utf-8") as file:
        for line in file:
            try:
                messages = json.loads(line)["messages"]
                texts = [message.get(key) for message in messages for key in ("content", "reasoning")]
            except (ValueError, KeyError, TypeError, AttributeError):
                continue
            yield from (text for text in texts if isinstance(text, str))


def make_tokenizer(data: str | None):
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - 2,
        special_tokens=[END_OF_TEXT, TURN, END_OF_TURN],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    texts = list(CORPUS)
    size = 0
    for text in dataset_texts(data) if data else ():
        texts.append(text)
        size += len(text)
        if size > 8_000_000:  # enough for 2,048 words; more would only take time
            break
    tokenizer.train_from_iterator(texts, trainer)
    # Plain tokens, not special ones: a reader that drops special tokens must still see where thinking ends.
    tokenizer.add_tokens([AddedToken("<think>", normalized=False), AddedToken("</think>", normalized=False)])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token=END_OF_TURN,
        pad_token=END_OF_TEXT,
        additional_special_tokens=[TURN],
        chat_template=CHAT_TEMPLATE,
        model_max_length=MAX_LENGTH,
        clean_up_tokenization_spaces=False,
    )


def make_model(tokenizer, seed: int):
    import torch
    from transformers import GenerationConfig, Qwen3Config, Qwen3ForCausalLM

    torch.manual_seed(seed)
    model = Qwen3ForCausalLM(
        Qwen3Config(
            vocab_size=VOCABULARY,
            hidden_size=128,
            intermediate_size=384,
            num_hidden_layers=4,
            num_attention_heads=4,
            num_key_value_heads=2,
            head_dim=32,
            max_position_embeddings=MAX_LENGTH,
            tie_word_embeddings=True,
            bos_token_id=None,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )
    # Wider than usual: a LoRA cannot move the embeddings, which are the output too, and with the usual 0.02 the
    # frozen ones could never tell two tokens apart with certainty.
    torch.nn.init.normal_(model.get_input_embeddings().weight, std=0.1)
    model.generation_config = GenerationConfig(
        do_sample=True,
        temperature=0.2,
        top_p=0.9,
        max_new_tokens=1024,
        eos_token_id=[tokenizer.eos_token_id, tokenizer.pad_token_id],
        pad_token_id=tokenizer.pad_token_id,
    )
    return model


def make_starter(out: str, data: str | None = None, seed: int = 0) -> int:
    """Writes the model folder; returns its number of parameters."""
    tokenizer = make_tokenizer(data)
    model = make_model(tokenizer, seed)
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)
    return model.num_parameters()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True)
    parser.add_argument("--data")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    parameters = make_starter(options.out, options.data, options.seed)
    print(json.dumps({"path": os.path.abspath(options.out), "parameters": parameters}))


if __name__ == "__main__":
    main()
