using System.Globalization;

namespace Pipeline.Tests.Load;

/// <summary>How long the load lasts: short by default, longer by variable (<c>./test nightly</c> sets them).</summary>
internal static class LoadSettings
{
    public static TimeSpan Sustained => Seconds("LOAD_SECONDS", 60);

    /// <summary>As fast as Redis answers: a million operations in a few seconds.</summary>
    public static TimeSpan Baseline => Seconds("LOAD_BASELINE_SECONDS", 10);

    /// <summary>Each of the other scenarios.</summary>
    public static TimeSpan Short => Seconds("LOAD_SHORT_SECONDS", 25);

    public static TimeSpan Soak => Seconds("LOAD_SOAK_SECONDS", 20);

    public static long WindowEvents => Number("WINDOW_EVENTS", 450_000);

    public static long CapacityEvents => Number("CAPACITY_EVENTS", 2_700_000);

    private static TimeSpan Seconds(string variable, long fallback) => TimeSpan.FromSeconds(Number(variable, fallback));

    private static long Number(string variable, long fallback) => Environment.GetEnvironmentVariable(variable) switch
    {
        null or "" => fallback,
        var text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0
            ? value
            : throw new InvalidOperationException($"{variable} is '{text}'; use a whole number above 0."),
    };
}
