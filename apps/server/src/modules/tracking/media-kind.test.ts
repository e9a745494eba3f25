import { expect, test } from 'vitest'
import { kindOfPath, mediaKindOf } from './media-kind.ts'

test.each([
  ['media/image/004-2e0a9a2d.png', 'IMAGE'],
  ['media/object3d/000-945b7daf.swanlab.pts.json', 'OBJECT3D'],
  ['media/echarts/000-56447a25.json', 'ECHARTS'],
  ['img/image-step0-2e0a9a2d5f285634.png', 'IMAGE'],
  ['many%2Fimgs/image-step4-e8276822f0995ca8.png', 'IMAGE'],
  ['points3d/pointcloud-step0-48c3c683207cfeed.swanlab.pts.json', 'OBJECT3D'],
  ['a text of someone', null],
  ['media/unknown/1.bin', null],
  ['constructor/toString-step1-0.png', null],
])('the path %s is of kind %s', (path, kind) => {
  expect(kindOfPath(path)).toBe(kind)
})

test('what a path does not say was declared, or is a text', () => {
  expect(mediaKindOf(['media/audio/1.wav'], 'IMAGE')).toBe('AUDIO')
  expect(mediaKindOf(['x.bin'], 'molecule')).toBe('MOLECULE')
  expect(mediaKindOf(['plain words'], undefined)).toBe('TEXT')
  expect(mediaKindOf([], 'FLOAT')).toBe('TEXT')
})
