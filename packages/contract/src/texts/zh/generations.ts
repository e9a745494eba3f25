export const generations = {
  errors: {
    'not-found': { title: '没有这个回答', detail: '它已被删除，或你无权查看。' },
    interrupted: { title: '回答途中服务器重启了', detail: '已收到的内容已保留。重试可得到完整回答。' },
    'too-many': { title: '同时进行的回答过多', detail: '服务器已达上限。请稍候再试。' },
  },
}
