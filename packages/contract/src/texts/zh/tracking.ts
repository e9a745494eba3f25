export const tracking = {
  errors: {
    'run-not-found': { title: '没有这个实验', detail: '它已被删除，或你无权查看。' },
    'project-not-found': { title: '没有这个项目', detail: '工作区里没有这个名称的项目，或你无权查看。' },
    'no-such-key': { title: '这个键下没有内容', detail: '实验在“{key}”下没有记录图片、文本或其他内容。' },
    'bad-project-name': {
      title: '项目不能使用这个名称',
      detail: '只能使用 1 到 100 个字母、数字以及 _ - . + ：“{name}”',
    },
    'bad-path': {
      title: '无法保存这个路径',
      detail: '文件路径必须位于实验目录内，且不超过 8,192 个字符：{path}',
    },
    'file-too-large': { title: '文件太大', detail: '实验保存的文件最大为 {limit}：{path}' },
    'too-many-files': { title: '一次提交的文件太多', detail: '每次请求最多 {limit} 个文件。' },
    'parts-missing': {
      title: '文件不完整',
      detail: '共 {expected} 个分片，已收到 {arrived} 个，或大小与声明的不一致。',
    },
    'bad-key': { title: 'API 密钥无效', detail: '请新建一个带“tracking”权限的密钥，再重新登录。' },
  },
}
