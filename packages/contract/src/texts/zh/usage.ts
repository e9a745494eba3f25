export const usage = {
  errors: {
    'bad-range': { title: '无法读取这个时间段', detail: '结束时间必须晚于开始时间，最长 {days} 天。' },
    'bad-zone': { title: '未知的时区', detail: '请使用 IANA 时区名，如 Asia/Shanghai，而不是“{zone}”。' },
  },
}
