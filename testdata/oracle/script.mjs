// The language of script tests, as far as an oracle needs it: ../README.md describes it.

import { fileURLToPath } from 'node:url'

// A block is { comment, head, body, want, answers }: the comment lines before the
// directive, the directive, what is below it, what is below the ----, and whether
// there is a ----.

/** Splits the text of a script at its empty lines. */
export function parseScript(text) {
  const blocks = []
  for (const part of text.split('\n\n')) {
    const lines = part.split('\n').filter((line, i, all) => line !== '' || (i > 0 && i < all.length - 1))
    const comments = lines.findIndex((line) => !line.startsWith('#'))
    const rest = comments < 0 ? [] : lines.slice(comments)
    const rule = rest.indexOf('----')
    const block = {
      comment: lines.slice(0, lines.length - rest.length).join('\n'),
      head: rest[0] ?? '',
      body: rest.slice(1, rule < 0 ? undefined : rule).join('\n'),
      want: rule < 0 ? '' : rest.slice(rule + 1).join('\n'),
      answers: rule >= 0,
    }
    if (block.comment || block.head) blocks.push(block)
  }
  return blocks
}

/** Prints blocks so that they parse to the same. */
export function printScript(blocks) {
  return blocks
    .map(({ comment, head, body, want, answers }) =>
      [comment, head, body, answers ? '----' : '', want].filter((s) => s !== '').join('\n') + '\n')
    .join('\n')
}

const gap = / {2,}|\t+/

/** A row as scripts write it: cells stand two blanks apart, and no cell holds two. */
export const joinCells = (cells) =>
  cells.map((cell) => (cell === '' ? '(empty)' : cell)).join('  ').trim().split(gap).join('  ')

/** The statement that makes the table of a `values TABLE (COLUMN TYPE, …)` block. */
export function createTable(block) {
  const [, table, list] = /^values (\w+) \((.*)\)$/.exec(block.head)
  const columns = list.split(/,\s*(?![^()]*\))/).map((decl) => /^(\w+) (.*)$/.exec(decl).slice(1))
  const rows = block.body.split('\n').map((line) => line.trim().split(gap).map(quote))
  const casts = columns.map(([name, type]) => `CAST("${name}" AS ${type}) AS "${name}"`)
  const names = columns.map(([name]) => `"${name}"`)
  return `CREATE OR REPLACE TABLE ${table} AS SELECT ${casts.join(', ')} ` +
    `FROM (VALUES ${rows.map((row) => `(${row.join(', ')})`).join(', ')}) t(${names.join(', ')})`
}

/** The statement that makes the table of a `load [NAME=]FILE` line. */
export function createView(arg) {
  const [, name, file] = /^(?:(\w+)=)?(.*)$/.exec(arg)
  const path = fileURLToPath(new URL(`../files/${file}`, import.meta.url))
  return `CREATE VIEW "${name ?? file.replace(/\.[^.]*$/, '')}" AS FROM '${path}'`
}

function quote(cell) {
  if (cell === 'null') return 'NULL::VARCHAR'
  if (cell === '(empty)') return "''"
  return `'${cell.replaceAll("'", "''")}'`
}
