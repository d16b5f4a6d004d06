// Values of DuckDB as tq writes them into csv, and their types as letters of scripts.
import { DuckDBTypeId as Type } from '@duckdb/node-api'

/** The letter that stands for a type behind `query`. */
export function typeLetter(type) {
  switch (type.typeId) {
    case Type.TINYINT: case Type.SMALLINT: case Type.INTEGER: case Type.BIGINT: case Type.HUGEINT:
    case Type.UTINYINT: case Type.USMALLINT: case Type.UINTEGER: case Type.UBIGINT: case Type.UHUGEINT:
      return 'I'
    case Type.DECIMAL:
      return type.scale === 0 ? 'I' : 'R'
    case Type.FLOAT: case Type.DOUBLE:
      return 'R'
    case Type.VARCHAR: case Type.BLOB:
      return 'T'
    case Type.BOOLEAN:
      return 'B'
    case Type.INTERVAL:
      return 'D'
    case Type.TIMESTAMP: case Type.TIMESTAMP_S: case Type.TIMESTAMP_MS: case Type.TIMESTAMP_NS: case Type.TIMESTAMP_TZ:
    case Type.DATE: case Type.TIME: case Type.TIME_NS:
      return 'S'
    case Type.LIST: case Type.MAP: case Type.STRUCT:
      return 'L'
  }
  return '?'
}

/** A value as text. */
export function text(value, type) {
  if (value === null) return 'null'
  switch (type.typeId) {
    case Type.DOUBLE:
      return float(value, String)
    case Type.FLOAT:
      return float(value, shortestFloat)
    case Type.INTERVAL:
      return length(value)
    case Type.TIMESTAMP: case Type.TIMESTAMP_S: case Type.TIMESTAMP_MS: case Type.TIMESTAMP_NS: case Type.TIMESTAMP_TZ:
      return nanoseconds(value.toString())
    case Type.LIST:
      return `[${value.items.map((item) => element(item, type.valueType)).join(', ')}]`
    case Type.MAP:
      return `{${value.entries.map((e) => `${element(e.key, type.keyType)}=${element(e.value, type.valueType)}`).join(', ')}}`
    case Type.STRUCT:
      return `{${type.entryNames.map((name, i) => `'${name}': ${element(value.entries[name], type.entryTypes[i])}`).join(', ')}}`
  }
  return value.toString()
}

/** An element of a list or struct: texts that could be misread stand in quotes. */
function element(value, type) {
  if (value === null) return 'NULL'
  const s = text(value, type)
  const plain = s !== '' && s.trim() === s && s.toLowerCase() !== 'null' && !/[,[\]{}()'"\\:=]/.test(s)
  return type.typeId !== Type.VARCHAR || type.alias === 'JSON' || plain ? s : `'${s.replace(/[\\']/g, '\\$&')}'`
}

/** Shortest digits that read back as the same number, laid out as 1.0, 1e+16, 1e-05. */
function float(x, digits) {
  if (Number.isNaN(x)) return 'nan'
  if (!Number.isFinite(x)) return x > 0 ? 'inf' : '-inf'
  if (x === 0) return Object.is(x, -0) ? '-0.0' : '0.0'
  let [, sign, whole, fraction = '', exponent = '0'] = /^(-?)(\d+)\.?(\d*)(?:e([+-]?\d+))?$/.exec(digits(x))
  let point = whole.length + Number(exponent)
  const all = whole + fraction
  const figures = all.replace(/^0+/, '')
  point -= all.length - figures.length
  const significant = figures.replace(/0+$/, '') || '0'
  if (point - 1 < -4 || point - 1 >= 16) {
    const e = Math.abs(point - 1).toString().padStart(2, '0')
    const mantissa = significant.length > 1 ? `${significant[0]}.${significant.slice(1)}` : significant
    return `${sign}${mantissa}e${point > 0 ? '+' : '-'}${e}`
  }
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${significant}`
  const padded = significant.padEnd(point, '0')
  return `${sign}${padded.slice(0, point)}.${padded.slice(point) || '0'}`
}

/** The shortest digits that read back as the same FLOAT. */
function shortestFloat(x) {
  for (let n = 1; n < 9; n++) {
    if (Math.fround(Number(x.toPrecision(n))) === x) return String(Number(x.toPrecision(n)))
  }
  return String(Number(x.toPrecision(9)))
}

/** An interval with months as its text; one without, which is a DURATION, as seconds with nine digits. */
function length(interval) {
  const { months, days, micros } = interval
  if (months !== 0) return interval.toString()
  const nanos = (BigInt(days) * 86_400_000_000n + micros) * 1000n
  const abs = nanos < 0n ? -nanos : nanos
  return `${nanos < 0n ? '-' : ''}${abs / 1_000_000_000n}.${(abs % 1_000_000_000n).toString().padStart(9, '0')}`
}

/** A timestamp with all nine digits behind the point. */
function nanoseconds(s) {
  const [, seconds, fraction = '', offset = ''] = /^(.*:\d\d)(?:\.(\d+))?([+-]\d\d)?$/.exec(s) ?? [null, s]
  return `${seconds}.${fraction.padEnd(9, '0')}${offset}`
}
