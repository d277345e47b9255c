using System.Reflection;
using System.Runtime.CompilerServices;

namespace P2PDB.Engine.Tests.Embedding;

/// <summary>
/// The engine's public surface as it is recorded in PublicApi.txt beside this file, so that a change of it shows in review. To
/// accept a change, run this test once with P2PDB_WRITE_GOLDEN=1, and commit the file.
/// </summary>
public sealed class PublicApiTests
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    [Fact]
    public void Surface_is_as_recorded()
    {
        List<string> present = [];
        foreach (Type type in typeof(Database).Assembly.GetExportedTypes().OrderBy(NameOf, StringComparer.Ordinal))
        {
            present.Add(HeadOf(type));
            present.AddRange(MembersOf(type).Select(member => "    " + member).Distinct().Order(StringComparer.Ordinal));
        }

        string path = PathOf();
        if (Environment.GetEnvironmentVariable("P2PDB_WRITE_GOLDEN") == "1")
            File.WriteAllLines(path, present);
        string[] recorded = File.ReadAllLines(path);

        Assert.True(present.SequenceEqual(recorded), "The public surface of P2PDB.Engine differs from PublicApi.txt:\n"
            + string.Join('\n', Differences(recorded, present))
            + "\nIf that is meant, run this test with P2PDB_WRITE_GOLDEN=1 and commit the file.");
    }

    [Fact]
    public void Differences_name_the_type_and_what_came_and_went()
    {
        string[] recorded = ["class A", "    int X { get; }", "class B", "    void M()"];
        string[] present = ["class A", "    long X { get; }", "class B", "    void M()", "class C"];

        Assert.Equal(
            ["- class A: int X { get; }", "+ class A: long X { get; }", "+ class C"],
            Differences(recorded, present));
    }

    /// <summary>Lines of one file that the other has not, each member with its type: what went, then what came.</summary>
    private static List<string> Differences(IEnumerable<string> recorded, IEnumerable<string> present)
    {
        List<string> before = WithTypes(recorded), after = WithTypes(present);
        return [.. before.Except(after).Select(line => "- " + line), .. after.Except(before).Select(line => "+ " + line)];
    }

    private static List<string> WithTypes(IEnumerable<string> lines)
    {
        List<string> named = [];
        string type = "";
        foreach (string line in lines)
        {
            bool isMember = line.StartsWith(' ');
            if (!isMember)
                type = line;
            named.Add(isMember ? $"{type}: {line.Trim()}" : type);
        }

        return named;
    }

    private static string HeadOf(Type type)
    {
        string kind = type.IsEnum ? "enum" : type.IsValueType ? "struct" : type.IsInterface ? "interface"
            : type is { IsAbstract: true, IsSealed: true } ? "static class"
            : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
        List<string> bases = [];
        if (type.IsEnum)
            bases.Add(NameOf(Enum.GetUnderlyingType(type)));
        else if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
            bases.Add(NameOf(parent));
        if (!type.IsEnum)
            bases.AddRange(type.GetInterfaces().Where(face => face.IsVisible).Select(NameOf).Order(StringComparer.Ordinal));
        return $"{kind} {NameOf(type)}" + (bases.Count > 0 ? " : " + string.Join(", ", bases) : "");
    }

    private static IEnumerable<string> MembersOf(Type type)
    {
        if (type.IsEnum)
            return type.GetEnumNames().Select(name => $"{name} = {Convert.ToUInt64(Enum.Parse(type, name), null)}");
        return type.GetConstructors(Declared).Where(IsVisible).Select(made => $"{Access(made)}new({ParametersOf(made)})")
            .Concat(type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily).Select(Describe))
            .Concat(type.GetProperties(Declared).Where(property => property.GetAccessors(true).Any(IsVisible)).Select(Describe))
            .Concat(type.GetEvents(Declared).Where(happening => IsVisible(happening.AddMethod!))
                .Select(happening => $"event {NameOf(happening.EventHandlerType!)} {happening.Name}"))
            .Concat(type.GetMethods(Declared).Where(method => IsVisible(method) && !IsAccessor(method) && !IsGenerated(method)).Select(Describe));
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    // What the compiler adds to records is theirs by being records; what they print is no promise.
    private static bool IsGenerated(MethodInfo method) =>
        method.IsDefined(typeof(CompilerGeneratedAttribute)) || method.Name is "PrintMembers" or "<Clone>$";

    private static bool IsAccessor(MethodInfo method) =>
        method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static string Access(MethodBase method) => (method.IsPublic ? "" : "protected ") + (method.IsStatic ? "static " : "")
        + (method is { IsAbstract: true, DeclaringType.IsInterface: false } ? "abstract " : "")
        + (method is { IsVirtual: true, IsFinal: false, IsAbstract: false } ? "virtual " : "");

    private static string Describe(FieldInfo field) =>
        $"{(field.IsPublic ? "" : "protected ")}{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}"
        + $"{NameOf(field.FieldType)} {field.Name}" + (field.IsLiteral ? $" = {field.GetRawConstantValue()}" : "");

    private static string Describe(PropertyInfo property)
    {
        MethodInfo any = property.GetAccessors(true).First(IsVisible);
        string index = property.GetIndexParameters().Length > 0 ? $"[{string.Join(", ", property.GetIndexParameters().Select(Describe))}]" : "";
        string set = property.SetMethod is { } setter && IsVisible(setter)
            ? setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;" : "";
        string required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        string get = property.GetMethod is { } getter && IsVisible(getter) ? " get;" : "";
        return $"{Access(any)}{required}{NameOf(property.PropertyType)} {property.Name}{index} {{{get}{set} }}";
    }

    private static string Describe(MethodInfo method)
    {
        string generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(NameOf))}>" : "";
        return $"{Access(method)}{NameOf(method.ReturnType)} {method.Name}{generic}({ParametersOf(method)})";
    }

    private static string ParametersOf(MethodBase method) => string.Join(", ", method.GetParameters().Select(Describe));

    private static string Describe(ParameterInfo parameter)
    {
        string passing = parameter.IsOut ? "out " : parameter.IsIn ? "in " : parameter.ParameterType.IsByRef ? "ref " : "";
        Type type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        return $"{passing}{NameOf(type)} {parameter.Name}" + (parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "default"}" : "");
    }

    private static string NameOf(Type type)
    {
        if (type.IsArray)
            return NameOf(type.GetElementType()!) + "[]";
        if (type.IsByRef)
            return "ref " + NameOf(type.GetElementType()!);
        if (type.IsGenericParameter)
            return type.Name;
        string name = type.IsNested ? $"{NameOf(type.DeclaringType!)}.{type.Name}"
            : type.Namespace is "System" ? type.Name : $"{type.Namespace}.{type.Name}";
        int arity = name.IndexOf('`', StringComparison.Ordinal);
        return arity < 0 ? name : $"{name[..arity]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
    }

    private static string PathOf([CallerFilePath] string source = "") => Path.Combine(Path.GetDirectoryName(source)!, "PublicApi.txt");
}
