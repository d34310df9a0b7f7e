using System.Globalization;

namespace Pipeline.Tests.EndToEnd;

/// <summary>The events of one file: a table, the window they came in, and the hour that they belong to.</summary>
internal readonly record struct LedgerCell(DateTimeOffset Window, string Table, DateTimeOffset Hour)
{
    /// <summary>Where the file has to be, as the README promises it; not asked of the product.</summary>
    public string Path => string.Create(
        CultureInfo.InvariantCulture, $"year={Hour:yyyy}/month={Hour:MM}/day={Hour:dd}/hour={Hour:HH}/type={Table}/{Table}-{Window:yyyyMMdd'T'HHmmss'Z'}.parquet");
}
