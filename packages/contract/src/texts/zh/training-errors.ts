export const trainingErrors = {
  'not-found': { title: '没有这个训练任务', detail: '它已被删除，或没有与你共享。' },
  'engine-not-ready': {
    title: '训练引擎尚未就绪',
    detail: '准备好之后才能训练和部署。引擎页面会显示进度。',
  },
  'dataset-not-ready': {
    title: '这个数据集还不能用于训练',
    detail: '它仍在校验，或没有合格的行。请等校验结束，或选择其他数据集。',
  },
  'base-model-missing': {
    title: '{path} 中没有模型',
    detail: '请填写服务器上含有 config.json 的文件夹，或模型库中的模型 id。',
  },
  'checkpoint-gone': {
    title: '这个检查点已不存在',
    detail: '它的文件已经没有了：训练程序只保留最近三个。请选择另一个，或从基座模型开始。',
  },
  'checkpoint-other': {
    title: '检查点的训练方式不同',
    detail: '基座模型和方法必须与 {name} 相同。请重新选择，或从基座模型开始。',
  },
  'checkpoint-passed': {
    title: '检查点已在第 {step} 步',
    detail: '请设置更多步数，或从基座模型开始。',
  },
  'already-ended': { title: '这个训练任务已结束', detail: '可以查看它保存的内容，或另外开始一个。' },
  'still-running': { title: '这个训练任务还没结束', detail: '请先停止它，再删除。' },
  'other-node': {
    title: '这个训练任务在另一台服务器上',
    detail: '它的文件和进程在 {node} 上。请在那里打开 Anneal 进行此操作。',
  },
  'python-missing': {
    title: '没有找到 Python',
    detail: '训练需要服务器上有 Python 3.10 至 3.14。安装后，或在 ANNEAL_PYTHON 中指定，再重试。',
  },
  'python-too-old': {
    title: 'Python {version} 太旧',
    detail: '训练需要 Python 3.10 至 3.14。安装较新的版本，或在 ANNEAL_PYTHON 中指定，再重试。',
  },
  'python-too-new': {
    title: 'Python {version} 太新',
    detail: '引擎的软件包适用于 Python 3.10 至 3.14。在 ANNEAL_PYTHON 中指定这样的版本，再重试。',
  },
  'venv-missing': {
    title: 'Python {version} 无法创建环境',
    detail: '它缺少 venv 模块。在 Debian 和 Ubuntu 上安装 python3-venv，再重试。',
  },
  'no-space': {
    title: '磁盘空间不足',
    detail: '引擎需要数据文件夹有 {needed} GB 空间，目前剩余 {free} GB。腾出空间后再重试。',
  },
  'no-network': {
    title: '无法获取软件包',
    detail:
      'pip 连接不到软件源（{source}）。请检查网络，或设置镜像或代理（PIP_INDEX_URL、ANNEAL_HTTP_PROXY），再重试。',
  },
  'install-failed': { title: '引擎安装失败', detail: '日志的最后几行：{lines}' },
  GPU_OOM: {
    title: 'GPU 显存不足',
    detail: '可以减小批大小，缩短最大长度，或用 LoRA 代替全量训练。',
  },
  HOST_OOM: {
    title: '服务器内存不足',
    detail: '训练程序的说明：{message}。可以减小批大小或缩短最长行，或结束服务器上的其他程序。',
  },
  KILLED: {
    title: '训练进程被外部结束',
    detail:
      '系统或某个人直接结束了它。最常见的原因是内存不足：可以减小批大小或缩短最长行，或结束服务器上的其他程序。',
  },
  DATASET_FORMAT: { title: '无法读取数据集', detail: '训练程序的说明：{message}' },
  NAN_LOSS: {
    title: '损失已不是数值',
    detail: '训练程序的说明：{message}。每一步对权重来说太大，降低学习率通常有用。',
  },
  DIVERGED: {
    title: '训练已发散',
    detail: '训练程序的说明：{message}。此时模型还不如随机猜测；每一步对权重来说太大，降低学习率通常有用。',
  },
  NO_ANSWERS_LEFT: {
    title: '没有一行放得下回答',
    detail: '每个问题本身就达到了最长行的限制，没有内容可学。请允许更长的行。',
  },
  ANSWERS_CUT_OFF: {
    title: '部分回答没有被学习',
    detail: '{count} 个回答超出最长行，已被略去。',
  },
  TEMPLATE: {
    title: '模型没有对话模板',
    detail: '请选择用于对话的模型。没有模板的基座模型无法从对话中学习。',
  },
  MODEL_LOAD: {
    title: '无法加载基座模型',
    detail: '训练程序的说明：{message}。请检查名称或路径、能否连接模型库，以及是否需要先接受许可。',
  },
  DEPENDENCY: {
    title: '引擎缺少软件包',
    detail: '训练程序的说明：{message}。请在引擎页面重新准备。',
  },
  DISK_FULL: { title: '磁盘已满', detail: '训练程序无法写入。请在服务器上腾出空间，再重新开始。' },
  TRACKER: { title: '训练在没有曲线的情况下继续', detail: '实验跟踪失败：{message}' },
  RESUME_MISMATCH: {
    title: '检查点不匹配',
    detail: '训练程序的说明：{message}。请从基座模型重新开始。',
  },
  LOST: {
    title: '训练进程不见了',
    detail: '它没有留下说明就结束了，例如断电或机器重启之后。之前保存的内容仍在。',
  },
  UNKNOWN: { title: '训练失败', detail: '训练程序最后的输出：{message}' },
}
