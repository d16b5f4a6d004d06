package functions

// fileFunctions read table files.
var fileFunctions = []Def{
	{
		Name: "read_parquet", Aliases: []string{"parquet_scan"}, Kind: Table, Family: "files",
		Doc: "The rows of Parquet files: of one, of those that a pattern such as `'logs/*.parquet'` matches, or of a list. " +
			"`FROM 'x.parquet'` is the same. As with the other readers of files, `union_by_name => true` takes files whose columns differ: " +
			"what one lacks is NULL, the types are those that they have in common; `filename => true`, or a name, adds a column that says from which file a row is.",
		Example: "count(*) FROM read_parquet('steps.parquet')", Result: "5000",
		Macro: &TableMacro{Format: "Parquet", Params: fileParams()},
	},
	{
		Name: "read_csv", Aliases: []string{"read_csv_auto"}, Kind: Table, Family: "files",
		Doc: "The rows of CSV files, compressed with gzip or not. What is not given is found out from the first 20,480 rows (or `sample_size`, -1 for all) as DuckDB does it: " +
			"`delim` (or `sep`), of up to four bytes, `quote`, `escape`, `comment`, whether there is a `header`, the types. `skip` leaves out lines above the table; `nullstr` is what stands for NULL; " +
			"`names` names the columns; `types` (or `dtypes`) gives some their type: `{'pid': 'BIGINT'}`, `'pid BIGINT, cpu INTEGER'`, or a list; `columns` names and types all of them; `all_varchar` makes all of them text; " +
			"`ignore_errors` leaves out rows that do not fit, `null_padding` fills up short ones.",
		Example: "max(score) FROM read_csv('people.csv', delim => ';', nullstr => '-')", Result: "9.5",
		Macro: &TableMacro{Format: "CSV", Params: fileParams(
			Param{Name: "delim", Type: Varchar}, Param{Name: "sep", Type: Varchar}, Param{Name: "quote", Type: Varchar},
			Param{Name: "escape", Type: Varchar}, Param{Name: "comment", Type: Varchar}, Param{Name: "header", Type: Boolean},
			Param{Name: "skip", Type: BigInt}, Param{Name: "nullstr", Takes: "VARCHAR or list"}, Param{Name: "names", Takes: "list"},
			Param{Name: "types", Takes: "STRUCT, VARCHAR or list"}, Param{Name: "dtypes", Takes: "STRUCT, VARCHAR or list"},
			Param{Name: "columns", Takes: "STRUCT or VARCHAR"}, Param{Name: "sample_size", Type: BigInt},
			Param{Name: "all_varchar", Type: Boolean}, Param{Name: "ignore_errors", Type: Boolean}, Param{Name: "null_padding", Type: Boolean},
		)},
	},
	{
		Name: "read_json", Aliases: []string{"read_json_auto", "read_ndjson", "read_ndjson_auto"}, Kind: Table, Family: "files",
		Doc: "The rows of JSON files: a row for each object, which stand one after the other (JSONL) or in one list. Several files may differ in their columns. " +
			"Lists are LISTs, objects in them STRUCTs; texts that are dates or times are such; what has no type in common is text.",
		Example: "count(*) FROM read_json('people.jsonl')", Result: "4",
		Macro: &TableMacro{Format: "JSON", Params: fileParams()},
	},
	{
		Name: "read_arrow", Aliases: []string{"scan_arrow_ipc"}, Kind: Table, Family: "files",
		Doc:     "The rows of files of Arrow's IPC format, with a footer (Feather) or as a stream.",
		Example: "max(id) FROM read_arrow('people.arrow')", Result: "4",
		Macro: &TableMacro{Format: "Arrow", Params: fileParams()},
	},
	{
		Name: "read_text", Kind: Table, Family: "files",
		Doc: "A row for each file: `filename`, its `content` as VARCHAR, its `size` in bytes, when it was `last_modified`. " +
			"A pattern need not match any.",
		Example: "size FROM read_text('parts/1.csv')", Result: "15",
		Macro: &TableMacro{Format: "text", Params: pathParams()},
	},
	{
		Name: "read_blob", Kind: Table, Family: "files",
		Doc:     "As `read_text`, with the content as BLOB.",
		Example: "size FROM read_blob('parts/2.csv')", Result: "23",
		Macro: &TableMacro{Format: "bytes", Params: pathParams()},
	},
	{
		Name: "glob", Kind: Table, Family: "files",
		Doc: "The names of the files that a pattern matches, or a list of patterns: `*`, `?`, `[a-z]` in the name of a folder or a file, " +
			"`**` for any number of folders.",
		Example: "count(*) FROM glob('parts/*.csv')", Result: "3",
		Macro: &TableMacro{Format: "names", Params: pathParams()},
	},
}

// pathParams is the parameter that names files.
func pathParams() []Param {
	return []Param{{Name: "files", Kind: ValueParam, Takes: "VARCHAR or list", Required: true}}
}

// fileParams are the parameters of a function that reads files.
func fileParams(options ...Param) []Param {
	params := pathParams()
	for _, p := range options {
		p.Kind = ValueParam
		params = append(params, p)
	}
	return append(params,
		Param{Name: "union_by_name", Kind: ValueParam, Type: Boolean},
		Param{Name: "filename", Kind: ValueParam, Takes: "BOOLEAN or VARCHAR"})
}
