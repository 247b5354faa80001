// What the outcome of an append looks like on the wire: of the older call, and of the batched one.
import sharedPb from '@eventstore/db-client/generated/shared_pb.js'
import statusPb from '@eventstore/db-client/generated/status_pb.js'
import streamsPb from '@eventstore/db-client/generated/streams_pb.js'
import { Metadata, status } from '@grpc/grpc-js'
import anyPb from 'google-protobuf/google/protobuf/any_pb.js'
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js'
import { identifierOf } from './read-answer.ts'
import type { Appended } from './stored-streams.ts'

/** What the older call tells as the failure of the whole call. */
export const appendFailure = (stream: string, kind: 'deleted' | 'too_large') => {
  const metadata = new Metadata()
  metadata.set('exception', kind === 'deleted' ? 'stream-deleted' : 'maximum-append-size-exceeded')
  metadata.set('stream-name', stream)
  metadata.set('maximum-append-size', '1048576')
  return Object.assign(new Error(kind), { code: status.FAILED_PRECONDITION, details: kind, metadata })
}

export const appendAnswer = (outcome: Extract<Appended, { readonly kind: 'appended' | 'wrong' }>) => {
  if (outcome.kind === 'appended') {
    const { last, position } = outcome
    const at = new streamsPb.AppendResp.Position()
      .setCommitPosition(String(position))
      .setPreparePosition(String(position))
    const success = new streamsPb.AppendResp.Success().setCurrentRevision(String(last)).setPosition(at)
    return new streamsPb.AppendResp().setSuccess(success)
  }
  const wrong = new streamsPb.AppendResp.WrongExpectedVersion()
  if (outcome.current === null) wrong.setCurrentNoStream(new sharedPb.Empty())
  else wrong.setCurrentRevision(String(outcome.current))
  return new streamsPb.AppendResp().setWrongExpectedVersion(wrong)
}

export const batchAnswer = (correlationId: string, stream: string, outcome: Appended) => {
  const answer = new streamsPb.BatchAppendResp()
    .setCorrelationId(new sharedPb.UUID().setString(correlationId))
    .setStreamIdentifier(identifierOf(stream))
  if (outcome.kind === 'appended') {
    const { last, position } = outcome
    const at = new sharedPb.AllStreamPosition().setCommitPosition(String(position)).setPreparePosition(String(position))
    return answer.setSuccess(new streamsPb.BatchAppendResp.Success().setCurrentRevision(String(last)).setPosition(at))
  }
  const details = new anyPb.Any()
  const [bytes, name] = failureOf(stream, outcome)
  details.pack(bytes, `event_store.client.${name}`)
  return answer.setError(new statusPb.Status().setMessage(name).setDetails(details))
}

const failureOf = (
  stream: string,
  outcome: Exclude<Appended, { readonly kind: 'appended' }>,
): readonly [Uint8Array, string] => {
  switch (outcome.kind) {
    case 'deleted':
      return [new sharedPb.StreamDeleted().setStreamIdentifier(identifierOf(stream)).serializeBinary(), 'StreamDeleted']
    case 'too_large':
      return [
        new sharedPb.MaximumAppendSizeExceeded().setMaxappendsize(1_048_576).serializeBinary(),
        'MaximumAppendSizeExceeded',
      ]
    case 'wrong': {
      const wrong = new sharedPb.WrongExpectedVersion()
      if (outcome.current === null) wrong.setCurrentNoStream(new emptyPb.Empty())
      else wrong.setCurrentStreamRevision(String(outcome.current))
      return [wrong.serializeBinary(), 'WrongExpectedVersion']
    }
  }
}
