export const chat = {
  errors: {
    'conversation-not-found': { title: '没有这个对话', detail: '它已被删除，或你无权查看。' },
    'message-not-found': { title: '没有这条消息', detail: '它不在这个对话里。' },
    'no-model': { title: '还没有选择模型', detail: '请选择由哪个模型回答。' },
    'answer-running': {
      title: '已有回答正在生成',
      detail: '请等它结束或停止它，再重新发送。你的消息已存为草稿。',
    },
  },
}
