export const admin = {
  errors: {
    'unknown-setting': { title: '没有这项设置', detail: '此服务器没有“{key}”。未作任何更改。' },
    'bad-setting': { title: '这个值不适用', detail: '设置“{key}”不接受这个值。未作任何更改。' },
  },
}
