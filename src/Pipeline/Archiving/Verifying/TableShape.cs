using Parquet;
using Parquet.Meta;
using Parquet.Schema;
using Pipeline.Archiving.Tables;
using Pipeline.Events;

namespace Pipeline.Archiving.Verifying;

/// <summary>How the files of one table have to look, and how to read them.</summary>
internal sealed class TableShape
{
    private static readonly Dictionary<string, Lazy<Task<TableShape>>> _shapes = LakeFileName.Tables.ToDictionary(
        t => t, t => new Lazy<Task<TableShape>>(() => CreateAsync(t)), StringComparer.Ordinal);

    private TableShape(string table, ParquetSchema schema, IReadOnlyList<string> columns)
    {
        Columns = columns;
        Type = EventTypes.All.Cast<EventType?>().FirstOrDefault(t => t!.Value.Name() == table);

        // Parquet.Net turns text into UTF-16; a binary twin of each field gives the bytes as they are stored.
        Fields = new ParquetSchema([.. schema.Fields.Select(Binary)]).DataFields;
        TextFields = schema.DataFields.Where(f => IsText(f)).Select(f => f.Path.ToString()).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The type of event; null for rejected ones.</summary>
    public EventType? Type { get; }

    /// <summary>The columns in words, in order: what the footer's schema has to say.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The columns to read, texts as bytes.</summary>
    public IReadOnlyList<DataField> Fields { get; }

    /// <summary>Paths of the columns that hold text.</summary>
    public IReadOnlySet<string> TextFields { get; }

    public static Task<TableShape> OfAsync(string table) => _shapes[table].Value;

    /// <summary>A footer's schema in words, a column each.</summary>
    public static List<string> Describe(FileMetaData footer) =>
        [.. footer.Schema.Skip(1).Select(e => $"{e.Name} {Words(e)}".ToLowerInvariant())];

    private static string Words(SchemaElement element) =>
        $"{(element.NumChildren > 0 ? $"group of {element.NumChildren}" : element.Type)} {element.ConvertedType} {element.RepetitionType}"
            .Replace("  ", " ", StringComparison.Ordinal);

    private static async Task<TableShape> CreateAsync(string name)
    {
        var table = Table.Create(name);
        var stream = new MemoryStream();
        await using (await ParquetWriter.CreateAsync(table.Schema, stream, table.Options))
        {
        }

        await using var reader = await ParquetReader.CreateAsync(stream);
        return new TableShape(name, table.Schema, Describe(reader.Metadata!));
    }

    private static bool IsText(DataField field) => field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>);

    private static Field Binary(Field field) => field switch
    {
        ListField list => new ListField(list.Name, Binary(list.Item)),
        DataField data when IsText(data) => new DataField(data.Name, typeof(byte[]), data.IsNullable),
        DataField data => new DataField(data.Name, data.ClrType, data.IsNullable),
        _ => throw new NotSupportedException($"Column '{field.Name}' is of a kind that no table has: {field.SchemaType}."),
    };
}
