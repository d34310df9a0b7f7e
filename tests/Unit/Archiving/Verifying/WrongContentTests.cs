using FluentAssertions;
using Parquet;
using Parquet.Schema;
using Pipeline.Archiving;
using Pipeline.Archiving.Tables;
using Pipeline.Archiving.Verifying;
using Pipeline.Events;
using Pipeline.Tests.Unit.Archiving.Compacting;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving.Verifying;

/// <summary>Files that are whole and sealed, and not what the table's files are.</summary>
public sealed class WrongContentTests : IDisposable
{
    private readonly SmallLake _lake = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task A_windows_file_under_the_name_of_a_compacted_one_is_found()
    {
        var name = (await _lake.WriteAsync(Wire.Noon, Wire.Post("a"))).Files.Single().Name;
        _lake.Move(name.RelativePath, name with { LastWindowMs = name.WindowMs + 300_000 });

        (await _lake.OnlyFindingAsync()).Should().Match<LakeFinding>(f => f.Kind == LakeFindingKind.WrongWindows && f.Message.Contains("lists no windows"));
    }

    [Theory]
    [InlineData(-300_000, 600_000L)]
    [InlineData(0, 300_000L)]
    [InlineData(0, null)]
    public async Task A_compacted_file_under_the_name_of_other_windows_is_found(long earlierMs, long? lastMs)
    {
        using var lake = new PiecemealLake();
        await lake.FillAsync();
        await lake.CompactAsync();
        var path = lake.Files("post").Single();
        var name = LakeFileName.Parse(path)!;
        var other = name with { WindowMs = name.WindowMs + earlierMs, LastWindowMs = name.WindowMs + lastMs };
        File.Move(lake.Layout.Full(path), lake.Layout.Full(other.RelativePath));

        (await lake.VerifyAsync()).Findings.Single().Should().Match<LakeFinding>(f => f.Kind == LakeFindingKind.WrongWindows && f.Path == other.RelativePath);
    }

    [Fact]
    public async Task A_window_that_is_in_a_compacted_file_as_well_is_found_though_its_rows_have_no_identity()
    {
        using var lake = new PiecemealLake();
        await lake.FillAsync();
        var path = lake.Files("rejected")[1];
        var copy = await File.ReadAllBytesAsync(lake.Layout.Full(path), Stop);
        await lake.CompactAsync();
        await File.WriteAllBytesAsync(lake.Layout.Full(path), copy, Stop);

        (await lake.VerifyAsync()).Findings.Single().Should().Match<LakeFinding>(f => f.Kind == LakeFindingKind.WrongWindows && f.Path == path && f.Message.Contains($"Remove '{path}'"));
    }

    [Fact]
    public async Task A_file_without_one_of_the_columns_is_found()
    {
        var schema = new ParquetSchema([.. Fields().Where(f => f.Name != "envelope")]);

        var finding = await WriteAndVerifyAsync(schema, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd });

        finding.Kind.Should().Be(LakeFindingKind.WrongSchema);
        finding.Message.Should().Contain("is none where table 'block' has 'envelope");
    }

    [Fact]
    public async Task A_file_with_a_renamed_column_is_found()
    {
        var schema = new ParquetSchema([.. Fields().Select(f => f.Name == "rkey" ? new DataField("record_key", typeof(string), false) : f)]);

        var finding = await WriteAndVerifyAsync(schema, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd });

        finding.Kind.Should().Be(LakeFindingKind.WrongSchema);
        finding.Message.Should().Contain("column 5").And.Contain("'record_key").And.Contain("'rkey");
    }

    [Fact]
    public async Task A_column_that_became_nullable_is_found()
    {
        var schema = new ParquetSchema([.. Fields().Select(f => f.Name == "did" ? new DataField("did", typeof(string), true) : f)]);

        var finding = await WriteAndVerifyAsync(schema, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd });

        finding.Kind.Should().Be(LakeFindingKind.WrongSchema);
        finding.Message.Should().Contain("optional").And.Contain("required");
    }

    [Fact]
    public async Task Columns_in_another_order_are_found()
    {
        var schema = new ParquetSchema([.. Fields().AsEnumerable().Reverse()]);

        (await WriteAndVerifyAsync(schema, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd })).Kind.Should().Be(LakeFindingKind.WrongSchema);
    }

    [Fact]
    public async Task Another_compression_is_found()
    {
        var finding = await WriteAndVerifyAsync(new ParquetSchema([.. Fields()]), new ParquetOptions { CompressionMethod = CompressionMethod.Snappy });

        finding.Kind.Should().Be(LakeFindingKind.WrongCompression);
        finding.Message.Should().Contain("SNAPPY");
    }

    [Fact]
    public async Task A_file_of_another_program_is_not_sealed()
    {
        var finding = await WriteAndVerifyAsync(new ParquetSchema([.. Fields()]), new ParquetOptions(), seal: false);

        finding.Kind.Should().Be(LakeFindingKind.NotSealed);
    }

    [Theory]
    [InlineData("", "create", "rev", "rkey", "has no did")]
    [InlineData("did:plc:a", "create", "rev", "", "has no rkey")]
    [InlineData("did:plc:a", "create", "", "rkey", "has no rev")]
    [InlineData("did:plc:a", "destroy", "rev", "rkey", "'destroy'")]
    [InlineData("did:plc:a", "delete", "rev", "rkey", "is a delete and has a cid")]
    public async Task A_row_that_no_event_can_become_is_found(string did, string operation, string rev, string rkey, string what)
    {
        var schema = new ParquetSchema([.. Fields()]);

        var finding = await WriteAndVerifyAsync(schema, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd }, row: [did, operation, rev, rkey, "cid"]);

        finding.Kind.Should().Be(LakeFindingKind.InvalidRow);
        finding.Message.Should().Contain("1 of 1 rows").And.Contain(what);
    }

    private static List<Field> Fields() => [.. EventTable.Create(EventType.Block).Schema.Fields.Select(Copy)];

    // A field belongs to one schema.
    private static Field Copy(Field field) => field is DataField data ? new DataField(data.Name, data.ClrType, data.IsNullable) : field;

    private async Task<LakeFinding> WriteAndVerifyAsync(ParquetSchema schema, ParquetOptions options, bool seal = true, string[]? row = null)
    {
        var name = new LakeFileName(LakeFileName.HourOf(Wire.Noon.ToUnixTimeMilliseconds() * 1000), "block", Wire.Noon.ToUnixTimeMilliseconds(), null);
        var path = _lake.Full(name.RelativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using (var stream = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite))
        {
            await using (var writer = await ParquetWriter.CreateAsync(schema, stream, options, cancellationToken: Stop))
            {
                if (seal) writer.CustomMetadata = FileSeal.Metadata("block");
                using var group = writer.CreateRowGroup();
                var values = new Queue<string>(row ?? ["did:plc:a", "create", "rev", "rkey", "cid"]);
                foreach (var field in schema.DataFields)
                {
                    if (field.ClrType == typeof(long)) await group.WriteAsync<long>(field, new[] { Wire.Noon.ToUnixTimeMilliseconds() * 1000 }, cancellationToken: Stop);
                    else await group.WriteAsync(field, new string?[] { values.TryDequeue(out var value) ? value : field.IsNullable ? null : "" });
                }

                group.CompleteValidate();
            }

            if (seal) FileSeal.Apply(stream);
        }

        var finding = await _lake.OnlyFindingAsync();
        finding.Path.Should().Be(name.RelativePath);
        return finding;
    }
}
