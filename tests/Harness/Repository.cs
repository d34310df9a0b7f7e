namespace Pipeline.Tests.Harness;

/// <summary>Finds files of the repository from wherever the tests were built.</summary>
public static class Repository
{
    /// <summary>The folder that holds <c>Pipeline.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    public static string File(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "Pipeline.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"No Pipeline.sln above '{AppContext.BaseDirectory}': run the tests from inside the repository.");
    }
}
