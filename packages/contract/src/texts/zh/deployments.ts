export const deployments = {
  states: {
    merging: '合并中',
    starting: '启动中',
    serving: '服务中',
    restarting: '重启中',
    stopping: '停止中',
    stopped: '已停止',
    failed: '失败',
    lost: '失联',
  },
  errors: {
    'not-found': { title: '没有这个部署', detail: '它已被删除，或没有与你共享。' },
    'nothing-to-serve': {
      title: '还没有可部署的内容',
      detail: '这个训练任务还没有保存结果或检查点。停止它即会保存，或等它结束。',
    },
    'name-taken': { title: '名称已被占用', detail: '已有同名的部署。请换一个名称。' },
    'other-node': {
      title: '它在另一台服务器上',
      detail: '它的进程和文件在 {node} 上。请在那里打开 Anneal 进行此操作。',
    },
    crashed: {
      title: '模型进程已退出',
      detail: '它自行退出（{reason}）。日志的最后一行：{message}',
    },
    'start-timeout': {
      title: '模型没有及时启动',
      detail: '{minutes} 分钟内没有响应。原因可能在日志中。',
    },
    'merge-failed': { title: '适配器合并失败', detail: '合并到基座模型时出错：{message}' },
    'out-of-memory': {
      title: '服务器内存不足',
      detail: '系统结束了模型进程。可以停止其他部署，或部署较小的模型。',
    },
  },
}
