// Preloaded into a measured process: its peak resident memory, in kilobytes, as the last line of stderr.
process.on('exit', () => process.stderr.write(`\npeak-kb ${process.resourceUsage().maxRSS}\n`))
