import type { Config } from '../../../platform/config/index.ts'

/** What a program of the engine may know of the server's environment: never `ANNEAL_*`, never a database's or mail's. */
const PASSED =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|XDG_\w+|LD_LIBRARY_PATH|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|(HTTPS?|ALL|NO)_PROXY|https?_proxy|all_proxy|no_proxy)$/
const PASSED_TO_PIP = /^PIP_\w+$/
const PASSED_TO_TRAINER =
  /^(HF_\w+|HUGGINGFACE_HUB_\w+|TRANSFORMERS_\w+|CUDA_\w+|NVIDIA_\w+|NCCL_\w+|OMP_\w+|MKL_\w+|OPENBLAS_\w+|PYTORCH_\w+|TORCH_\w+|TOKENIZERS_PARALLELISM)$/

type Variables = Record<string, string>

function pick(pattern: RegExp, all: NodeJS.ProcessEnv): Variables {
  const entries = Object.entries(all)
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => pattern.test(entry[0]) && !!entry[1]),
  )
}

/** The operator's way out, where the environment names none of its own. */
function wayOut(config: Pick<Config, 'httpProxy' | 'caFile'>, all: NodeJS.ProcessEnv): Variables {
  const way: Variables = {}
  const hasProxy = all['HTTPS_PROXY'] ?? all['https_proxy'] ?? all['ALL_PROXY'] ?? all['all_proxy']
  if (config.httpProxy && !hasProxy)
    Object.assign(way, { HTTP_PROXY: config.httpProxy, HTTPS_PROXY: config.httpProxy })
  if (config.caFile && !all['SSL_CERT_FILE']) {
    Object.assign(way, { SSL_CERT_FILE: config.caFile, REQUESTS_CA_BUNDLE: config.caFile })
  }
  return way
}

/** For pip and Python itself: pip's own configuration and PIP_* are honoured. */
export function pipEnvironment(
  config: Pick<Config, 'httpProxy' | 'caFile'>,
  temporary: string,
  all: NodeJS.ProcessEnv = process.env,
): Variables {
  return {
    ...pick(PASSED, all),
    ...pick(PASSED_TO_PIP, all),
    ...wayOut(config, all),
    // On the data disk: /tmp is small memory on many machines. Its size tells how much has been fetched.
    TMPDIR: temporary,
    PYTHONUNBUFFERED: '1',
    PIP_NO_INPUT: '1',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
  }
}

/** For trainers and served models. Calls to this machine never go through a proxy. */
export function trainerEnvironment(
  config: Pick<Config, 'httpProxy' | 'caFile'>,
  trainer: string,
  all: NodeJS.ProcessEnv = process.env,
): Variables {
  const direct = [all['NO_PROXY'] ?? all['no_proxy'], 'localhost,127.0.0.1,::1'].filter(Boolean).join(',')
  return {
    ...pick(PASSED, all),
    ...pick(PASSED_TO_TRAINER, all),
    ...wayOut(config, all),
    NO_PROXY: direct,
    no_proxy: direct,
    PYTHONPATH: trainer,
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
  }
}
