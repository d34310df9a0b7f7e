using System.Buffers;
using System.Globalization;
using System.Text;
using Pipeline.Events;

namespace Pipeline.Archiving.Verifying;

/// <summary>Checks the rows of one file. Rows with the same fault are one finding; duplicates are a finding each.</summary>
internal sealed class FileCheck(IReadOnlyList<LakeFile> files, int index, SeenRows seen, MemoryBrake brake, FindingList findings)
{
    private long _wrongHour;
    private string _firstWrongHour = "";
    private long _invalid;
    private string _firstInvalid = "";

    public LakeFile File { get; } = files[index];

    public long Rows { get; private set; }

    /// <summary>The windows that the rows come from.</summary>
    public IEnumerable<long> Windows { get; private set; } = [files[index].Name.WindowMs];

    public LakeDigest Digest { get; } = new();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var reader = await LakeFileReader.OpenAsync(File, cancellationToken);
        await foreach (var keys in reader.ReadAsync(everything: true, cancellationToken))
        {
            CheckHours(keys.TimeUs.Values);
            if (keys.Type is { } type) CheckEvents(keys, type);
            Rows += keys.Count;
            brake.Touch();
        }

        CheckWindows(reader.Windows);
        if (_wrongHour > 0)
        {
            findings.Add(LakeFindingKind.WrongHour, File.RelativePath, () =>
                $"{_wrongHour:N0} of {Rows:N0} rows belong to another hour than '{File.RelativePath}': {_firstWrongHour}. " +
                "The file was moved here, or a writer chose the wrong partition: move it back, or write its window again.");
        }

        if (_invalid > 0)
        {
            findings.Add(LakeFindingKind.InvalidRow, File.RelativePath, () =>
                $"{_invalid:N0} of {Rows:N0} rows of '{File.RelativePath}' cannot come from an event: {_firstInvalid}. " +
                "The pipeline rejects such events, so this is a bug or another program's file: write its window again, and report it.");
        }
    }

    private void CheckWindows(CompactedWindows? windows)
    {
        if (windows is null && File.Name.LastWindowMs is null) return;
        var name = File.Name;
        Windows = windows?.Rows.Keys ?? Windows;
        if (windows is not null && name.LastWindowMs == windows.LastMs && name.WindowMs == windows.FirstMs && windows.TotalRows == Rows) return;
        findings.Add(LakeFindingKind.WrongWindows, File.RelativePath, () =>
            $"'{File.RelativePath}' has {Rows:N0} rows, and its footer " +
            (windows is null ? "lists no windows" : $"lists windows from {new TimeWindow(windows.FirstMs, 0).Name} to {new TimeWindow(windows.LastMs, 0).Name} with {windows.TotalRows:N0}") +
            ": the file was renamed, or this is a bug. Give it the name that its windows say, or bring it back from a copy.");
    }

    private void CheckHours(ReadOnlySpan<long> times)
    {
        for (var row = 0; row < times.Length; row++)
        {
            if (LakeFileName.HourOf(times[row]) == File.Name.Hour) continue;
            if (_wrongHour++ == 0) _firstWrongHour = $"row {Rows + row} has time_us {times[row]}, {Time(times[row])}";
        }
    }

    private void CheckEvents(RowKeys keys, EventType type)
    {
        var rows = ArrayPool<RowIdentity>.Shared.Rent(keys.Count);
        try
        {
            var count = 0;
            for (var row = 0; row < keys.Count; row++)
            {
                var operation = keys.OperationOf(row);
                if (Fault(keys, row, operation) is { } fault && _invalid++ == 0) _firstInvalid = $"row {Rows + row} {fault}";
                if (operation is not { } known) continue;
                var identity = keys.IdentityOf(row, known);
                Digest.Add(type, LakeDigest.Hash(identity, keys.TimeUs.Values[row], keys.Cid.Values[row].Span));
                rows[count++] = new RowIdentity(row, identity);
            }

            seen.Add(type, rows.AsSpan(0, count), index, (row, other) => AddDuplicate(keys, row, other));
        }
        finally
        {
            ArrayPool<RowIdentity>.Shared.Return(rows);
        }
    }

    private static string? Fault(RowKeys keys, int row, Operation? operation)
    {
        if (keys.Did.Values[row].IsEmpty) return "has no did";
        if (keys.Rkey.Values[row].IsEmpty) return "has no rkey";
        if (keys.Rev.Values[row].IsEmpty) return "has no rev";
        if (operation is null) return $"has operation '{Text(keys.Operation.Values[row])}', which is none of create, update and delete";
        return operation == Operation.Delete && !keys.Cid.Values[row].IsEmpty ? "is a delete and has a cid" : null;
    }

    private void AddDuplicate(RowKeys keys, int row, int other)
    {
        // Files of an hour are read in any order: the later name carries the finding, whichever came first.
        var (path, first) = other > index ? (files[other].RelativePath, File.RelativePath) : (File.RelativePath, files[other].RelativePath);
        findings.Add(LakeFindingKind.DuplicateRow, path, () =>
            $"{keys.Type!.Value.Collection()} {Text(keys.Operation.Values[row])} by {Text(keys.Did.Values[row])}, rkey {Text(keys.Rkey.Values[row])}, " +
            $"rev {Text(keys.Rev.Values[row])}: twice in the lake, " +
            (path == first ? $"both times in '{path}'. Write its window again." : $"in '{first}' and in '{path}'. Remove the one that the other replaces; never a compacted one, which has other windows as well."));
    }

    private static string Text(ReadOnlyMemory<byte> value) => Encoding.UTF8.GetString(value.Span);

    private static string Time(long timeUs)
    {
        var ms = timeUs / 1000;
        return ms >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && ms <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : "no time at all";
    }
}
