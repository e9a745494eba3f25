export const service = {
  errors: {
    'account-not-found': { title: '没有这个服务账号', detail: '它可能属于你不在其中的用户组。' },
    'not-kept': {
      title: '此服务账号不归你管理',
      detail: '它的密钥由其用户组的负责人，或组内管理用户的人创建和停用。',
    },
    'group-keeps-accounts': {
      title: '此用户组管理着服务账号',
      detail: '请先将它们交给其他用户组：{names}。',
    },
    'no-person': { title: '这是服务账号', detail: '它不能登录，只通过 API 密钥工作。' },
  },
}
