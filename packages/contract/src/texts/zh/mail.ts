export const mail = {
  signature: '来自 {host} 的 Anneal。此邮件由服务器发出，回复无人查看。',
  test: {
    subject: 'Anneal 的邮件可以使用',
    text: '{name} 在设置里发出了这封邮件，看看能否收到。收到了。',
  },
  reset: {
    subject: '为 Anneal 设置新密码',
    text: '{name}，你好：\n有人（应该是你）为此账号申请设置新密码。链接只能用一次，一天内有效。',
    action: '设置新密码',
    end: '如果不是你申请的，无需处理：你的密码不会改变。',
  },
  resetOutside: {
    subject: '你的 Anneal 密码由其他系统管理',
    text: '{name}，你好：\n有人（应该是你）为此账号申请设置新密码。此账号在这里没有密码：你通过 {provider} 登录。',
    action: '前往登录',
    end: '如果不是你申请的，无需处理。',
  },
  invitation: {
    subject: '{by} 邀请你使用 Anneal',
    text: '你好：\n{by} 邀请你使用 Anneal，你的团队在这里使用大语言模型。链接只能用一次，七天内有效。',
    action: '接受邀请',
    end: '如果你不认识 {by}，请删除此邮件。',
  },
  registration: {
    subject: '确认你在 Anneal 使用的邮箱',
    text: '你好：\n有人（应该是你）用此邮箱申请账号。打开链接即可创建账号；链接只能用一次，一天内有效。',
    action: '创建账号',
    end: '如果不是你申请的，无需处理：不会创建账号。',
  },
  registered: {
    subject: '你已经有 Anneal 账号',
    text: '{name}，你好：\n有人（应该是你）用此邮箱申请账号。此邮箱已有账号，直接登录即可。',
    action: '前往登录',
    end: '如果不是你申请的，无需处理。',
  },
}
