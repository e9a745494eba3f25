export const providers = {
  /* In place of an error's `reason`. */
  reasons: {
    dns: '找不到该域名',
    refused: '该处没有服务在监听',
    tls: '证书不受信任',
    'connect-timeout': '没有及时接受连接',
    reset: '对方关闭了连接',
    'no-route': '本服务器无法到达',
    'bad-address': '不是有效的地址',
    blocked: '被本服务器的规则拒绝',
    closed: '对方关闭了连接',
    other: '原因不明',
  },
  /* In place of an error's `message` for whoever may not read it. */
  withheld: '（原文只对管理连接的人显示）',
  errors: {
    'option-ignored': { title: '未使用 {option}', detail: '该提供商不支持此选项。' },
    'option-changed': { title: '{option} 已调整', detail: '该提供商只接受“{to}”。' },
    unreachable: {
      title: '无法连接提供商',
      detail: '该地址没有响应（{reason}）。请检查地址，并确认本服务器能访问它。',
    },
    unauthorized: { title: '提供商拒绝了密钥', detail: '它返回 {status}。请填入该提供商的有效 API 密钥。' },
    forbidden: { title: '该密钥没有权限', detail: '提供商返回 {status}。请检查密钥的权限及其所属账户。' },
    'model-not-found': {
      title: '提供商没有这个模型',
      detail: '它没有模型“{model}”。请选择它提供的模型，或检查拼写。',
    },
    'rate-limited': { title: '对提供商的请求过多', detail: '它要求放慢速度。请稍候再试。' },
    overloaded: { title: '提供商负载过高', detail: '它现在不接受更多请求。请稍候再试。' },
    'context-too-long': {
      title: '对话超出了该模型的长度',
      detail: '请缩短消息、新建对话，或选择上下文窗口更大的模型。',
    },
    refused: { title: '提供商拒绝了请求', detail: '它返回 {status}：{message}' },
    failed: { title: '提供商出错', detail: '它返回 {status}。请重试；若持续出现，请查看提供商的状态页。' },
    'first-token-timeout': {
      title: '回答没有及时到来',
      detail: '{seconds} 秒内没有收到任何内容。模型可能正在加载或负载过高，请重试。',
    },
    stalled: { title: '回答停住了', detail: '{seconds} 秒内没有新内容。已收到的内容已保留，请重试。' },
    'cut-off': {
      title: '回答途中连接中断',
      detail: '提供商在回答结束前关闭了连接。已收到的内容已保留，请重试。',
    },
    garbage: { title: '无法读取提供商的回复', detail: '格式与该类提供商不符。请检查提供商类型和基础地址。' },
    'stream-error': { title: '提供商在回答途中报错', detail: '{message} 已收到的内容已保留，请重试。' },
    'gave-up': {
      title: '提供商以错误结束了回答',
      detail: '它没有说明原因，可能是资源不足。已收到的内容已保留，请重试。',
    },
    'list-not-offered': { title: '没有模型列表', detail: '该提供商不提供列表；将直接使用所填的模型 ID。' },
    'model-not-listed': { title: '不在列表中', detail: '提供 {count} 个模型，其中没有“{model}”。' },
    'nothing-shown': { title: '没有内容', detail: '模型没有输出文字就结束了，可能只进行了隐藏的推理。' },
    'rate-unknown': { title: '速度未知', detail: '回答太短，无法计算每秒 token 数。' },
  },
}
