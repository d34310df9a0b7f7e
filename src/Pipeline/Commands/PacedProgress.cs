using System.Globalization;
using Pipeline.Archiving.Verifying;

namespace Pipeline.Commands;

/// <summary>Says every few seconds how far a verification is, on the error stream.</summary>
internal sealed class PacedProgress(TimeProvider time) : IProgress<LakeProgress>
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);

    private long _last = time.GetTimestamp();

    public void Report(LakeProgress value)
    {
        if (time.GetElapsedTime(_last) < _interval) return;
        _last = time.GetTimestamp();
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"read {value.FilesDone:N0} of {value.Files:N0} files, {value.Rows:N0} rows"));
    }
}
