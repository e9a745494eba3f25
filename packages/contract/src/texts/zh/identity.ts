export const identity = {
  errors: {
    'provider-not-found': { title: '没有这个身份提供方', detail: '可能已被移除。' },
    'issuer-unreachable': {
      title: '无法连接身份提供方',
      detail: '{url} 没有可用的答复：{reason}。请检查地址，以及此服务器能否访问它。',
    },
    'issuer-unlike': {
      title: '身份提供方的名称不同',
      detail: '它自称是 {issuer}。请填写与之完全一致的地址。',
    },
    'issuer-unfit': { title: '此身份提供方缺少登录所需的内容', detail: '它的发现文档里没有 {what}。' },
  },
}
