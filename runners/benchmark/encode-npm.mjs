#!/usr/bin/env node
// Measures the npm package `tokenizers` (Hugging Face tokenizers through Node) on the texts that EncodeSpeed takes.
//
// usage: encode-npm.mjs PACKAGES TOKENIZER FOLDER [--shape=4000] [--mb=24] [--npm-mb=6]
//
// PACKAGES is a folder in which `npm install tokenizers` was run. Where it holds no such package, one line says so.
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';

const paths = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const options = Object.fromEntries(
  process.argv.slice(2).filter((argument) => argument.startsWith('--')).map((argument) => argument.slice(2).split('=')));
if (paths.length !== 3) {
  console.error(readFileSync(new URL(import.meta.url), 'utf8').split('\n').slice(1, 6).join('\n'));
  process.exit(2);
}
const [packages, file, folder] = paths;
let Tokenizer;
try {
  ({ Tokenizer } = createRequire(join(resolve(packages), 'x.js'))('tokenizers'));
} catch (e) {
  console.log(`npm: skipped, ${packages} holds no package tokenizers (${e.code ?? e.message})`);
  process.exit(0);
}

/** Texts of the .jsonl and .txt files of a folder, in the order of their names. */
function* read(at) {
  for (const entry of readdirSync(at, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(at, entry.name);
    if (entry.isDirectory()) {
      yield* read(path);
    } else if (path.endsWith('.jsonl')) {
      for (const line of readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
        const record = JSON.parse(line);
        yield record.text ?? record.content ?? '';
      }
    } else if (path.endsWith('.txt')) {
      yield readFileSync(path, 'utf8');
    }
  }
}

/** How many bytes more a document may have up to the next white space. */
const MOST_MORE = 64;

/** The beginning of the second half of the corpus, in documents of a size, as EncodeSpeed cuts it. */
function shaped(shape, limit, wanted) {
  const documents = [];
  let document = '', size = 0, all = 0, total = 0;
  const texts = [];
  for (const text of read(folder)) {
    texts.push(text);
    total += Buffer.byteLength(text);
    if (total > limit) break;
  }
  const half = Math.min(limit, total) / 2;
  for (const text of texts) {
    for (const character of text + '\n') {
      const isEnough = size >= shape && (size >= shape + MOST_MORE || ' \t\n\r'.includes(character));
      if (isEnough) {
        if (all + size > half) documents.push(document);
        all += size;
        document = '';
        size = 0;
        if (all > half + wanted) return documents;
      }
      document += character;
      size += Buffer.byteLength(character);
    }
  }
  return documents;
}

const texts = shaped(Number(options.shape ?? 4000), Number(options.mb ?? 24) * 1e6, Number(options['npm-mb'] ?? 6) * 1e6);
const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
const tokenizer = Tokenizer.fromFile(file);
let ids = 0;
const before = process.cpuUsage();
const start = process.hrtime.bigint();
for (const text of texts) {
  const encoding = await tokenizer.encode(text, null, { addSpecialTokens: false });
  ids += encoding.getIds().length;
}
const wall = Number(process.hrtime.bigint() - start) / 1e9;
const used = process.cpuUsage(before);
const cpu = (used.user + used.system) / 1e6;
console.log(`npm: ${basename(dirname(resolve(file)))} ${basename(folder)} ${options.shape ?? 4000}: `
  + `${(bytes / 1e6 / cpu).toFixed(2)} MB a CPU-second, ${(bytes / 1e6 / wall).toFixed(2)} MB a second, ${ids} ids`);
