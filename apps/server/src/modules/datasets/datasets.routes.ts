import { handlers } from '../../platform/http/index.ts'
import { addSample } from './add-sample.ts'
import { checkDataset } from './check-dataset.ts'
import { deleteDataset, restoreDataset } from './delete-dataset.ts'
import { downloadDataset } from './download-dataset.ts'
import { getDataset, listDatasets } from './list-datasets.ts'
import { readBadRows } from './read-bad-rows.ts'
import { readRows } from './read-rows.ts'
import { updateDataset } from './update-dataset.ts'
import { uploadDataset } from './upload-dataset.ts'

export const datasetsRoutes = handlers('datasets', {
  'datasets.list': (ctx, { query }) => listDatasets(ctx, query),
  'datasets.upload': (ctx, { query }, io) => uploadDataset(ctx, query, io.body),
  'datasets.addSample': (ctx) => addSample(ctx),
  'datasets.get': (ctx, { params }) => getDataset(ctx, params.id),
  'datasets.rows': (ctx, { params, query }) => readRows(ctx, params.id, query),
  'datasets.badRows': (ctx, { params, query }) => readBadRows(ctx, params.id, query),
  'datasets.update': (ctx, { params, body }) => updateDataset(ctx, params.id, body),
  'datasets.check': (ctx, { params }) => checkDataset(ctx, params.id),
  'datasets.delete': (ctx, { params }) => deleteDataset(ctx, params.id),
  'datasets.restore': (ctx, { params }) => restoreDataset(ctx, params.id),
  'datasets.download': (ctx, { params }) => downloadDataset(ctx, params.id),
})
