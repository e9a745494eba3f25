export const prompts = {
  title: '提示词',
  errors: {
    'not-found': { title: '这个提示词不存在', detail: '它已被删除，或没有共享给你。' },
    'version-not-found': { title: '这个版本不存在', detail: '{name} 没有版本 {version}。' },
    'no-production': {
      title: '{name} 没有生产版本',
      detail: '选择一个版本，或把生产标签移到某个版本。',
    },
    'name-taken': { title: '已有名为 {name} 的提示词', detail: '名称由所有人共用，换一个名称。' },
    'variable-missing': { title: '变量 {name} 没有值', detail: '填写它的值；它没有默认值。' },
    'variable-unknown': {
      title: '文本中没有变量 {name}',
      detail: '用双花括号把它写进文本，或去掉它。',
    },
    'version-archived': { title: '版本 {version} 已归档', detail: '先取消归档，或选择其他版本。' },
    'version-labelled': {
      title: '版本 {version} 带有标签',
      detail: '它带有“{label}”标签。先把标签移到其他版本。',
    },
  },
}
