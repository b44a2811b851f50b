import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import {
  createFileRegistry,
  type DescEnumValue,
  type DescExtension,
  type DescField,
  type DescFile,
  type DescMessage,
  type DescOneof,
  type FileRegistry,
  fromBinary,
  getOption,
  hasOption,
  type JsonObject,
  type JsonValue,
  toJson,
} from '@bufbuild/protobuf'
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt'

/** Envoy's API of one minor: messages by name, their options and what the comments say. */
export interface Api {
  readonly minor: string
  message(name: string): DescMessage
  /** The PGV rules of a field in proto JSON, with presence kept: `{ string: { minLen: "1" } }`. */
  rules(field: DescField): JsonObject
  /** Whether a boolean option of a field, oneof or enum value is set. */
  flag(on: DescField | DescOneof | DescEnumValue, extension: string): boolean
  /** First paragraph and documentation annotations (`[#not-implemented-hide:]`) of the comment. */
  comment(on: DescMessage | DescField | DescEnumValue): string
}

/** The serialised set of a minor, as `collector` wrote it. */
export function descriptorBytes(minor: string): Uint8Array {
  return gunzipSync(readFileSync(new URL(`descriptors/${minor}.binpb.gz`, import.meta.url)))
}

/** Reads a minor's committed descriptor set. */
export function readApi(minor: string): Api {
  const set = fromBinary(FileDescriptorSetSchema, descriptorBytes(minor))
  const registry = createFileRegistry(set)
  const comments = new Map<string, Map<string, string>>()
  for (const file of set.file) {
    const located = file.sourceCodeInfo?.location.map((at) => [at.path.join('.'), at.leadingComments] as const)
    comments.set(file.name, new Map(located))
  }
  const pgv = extension(registry, 'validate.rules')
  return {
    minor,
    message(name) {
      const found = registry.getMessage(name)
      if (found === undefined) throw new Error(`Envoy ${minor} has no message ${name}`)
      return found
    },
    rules: (field) => (hasOption(field, pgv) ? rulesJson(pgv, getOption(field, pgv)) : {}),
    flag: (on, name) => flag(registry, on, name),
    comment: (on) => comments.get(`${fileOf(on).name}.proto`)?.get(sourcePath(on).join('.')) ?? '',
  }
}

function rulesJson(pgv: DescExtension, value: unknown): JsonObject {
  if (pgv.fieldKind !== 'message') throw new Error('validate.rules is no message')
  // The registry is dynamic, so the option's static type is unknown; its descriptor is the extension's own.
  const json: JsonValue = toJson(pgv.message, value as Parameters<typeof toJson>[1])
  if (json === null || typeof json !== 'object' || Array.isArray(json)) throw new Error('validate.rules is no object')
  return json
}

function extension(registry: FileRegistry, name: string): DescExtension {
  const found = registry.getExtension(name)
  if (found === undefined) throw new Error(`the descriptor set lacks the option ${name}`)
  return found
}

function flag(registry: FileRegistry, on: DescField | DescOneof | DescEnumValue, name: string): boolean {
  const option = extension(registry, name)
  return hasOption(on, option) && getOption(on, option) === true
}

function fileOf(on: DescMessage | DescField | DescEnumValue): DescFile {
  return on.kind === 'message' ? on.file : on.parent.file
}

// Numbers of the fields of descriptor.proto that a source_code_info path is made of.
function sourcePath(on: DescMessage | DescField | DescEnumValue): readonly number[] {
  switch (on.kind) {
    case 'message':
      return on.parent === undefined
        ? [4, on.file.proto.messageType.indexOf(on.proto)]
        : [...sourcePath(on.parent), 3, on.parent.proto.nestedType.indexOf(on.proto)]
    case 'field':
      return [...sourcePath(on.parent), 2, on.parent.proto.field.indexOf(on.proto)]
    case 'enum_value': {
      const type = on.parent
      const value = [2, type.proto.value.indexOf(on.proto)]
      return type.parent === undefined
        ? [5, type.file.proto.enumType.indexOf(type.proto), ...value]
        : [...sourcePath(type.parent), 4, type.parent.proto.enumType.indexOf(type.proto), ...value]
    }
  }
}
