namespace Pipeline.Tests.Harness;

/// <summary>Every time limit of the tests, generous because CI machines are slow: a passing test never reaches one.</summary>
public static class Deadlines
{
    /// <summary>How often <see cref="Eventually"/> looks again.</summary>
    public static TimeSpan Poll { get; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long nothing may change before it counts as done.</summary>
    public static TimeSpan Quiet { get; } = TimeSpan.FromSeconds(1.5);

    /// <summary>For a condition inside one process or one server to come true.</summary>
    public static TimeSpan Condition { get; } = TimeSpan.FromSeconds(15);

    /// <summary>For a container to accept its first command, or to be gone after a signal.</summary>
    public static TimeSpan Container { get; } = TimeSpan.FromSeconds(60);

    /// <summary>For the container engine to answer one question.</summary>
    public static TimeSpan Engine { get; } = TimeSpan.FromSeconds(15);

    /// <summary>For a program in a container to check files.</summary>
    public static TimeSpan Check { get; } = TimeSpan.FromMinutes(3);

    /// <summary>For an image to be pulled or built from packages.</summary>
    public static TimeSpan Image { get; } = TimeSpan.FromMinutes(8);

    /// <summary>For the pipeline to be at work again after a fault is over, without help.</summary>
    public static TimeSpan Recovery { get; } = TimeSpan.FromSeconds(60);

    /// <summary>For an alert to be noticed, to fire, and to reach Slack or be taken back there, with the intervals of the test overlay.</summary>
    public static TimeSpan Alert { get; } = TimeSpan.FromSeconds(90);

    /// <summary>For a program to end after SIGTERM. It promises five seconds of its own time; a machine under load has less to give.</summary>
    public static TimeSpan CleanEnd { get; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a command to Redis may take before it counts as blocked.</summary>
    public static TimeSpan Blocked { get; } = TimeSpan.FromSeconds(1);
}
