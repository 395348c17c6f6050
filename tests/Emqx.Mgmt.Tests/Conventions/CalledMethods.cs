using System.Reflection;
using System.Reflection.Emit;

namespace Emqx.Mgmt.Tests.Conventions;

/// <summary>What the methods of an assembly call and which texts they name, from their instructions.</summary>
internal static class CalledMethods
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> s_codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>Every call: who calls, and what.</summary>
    public static IEnumerable<(MethodBase Caller, MethodBase Called)> Calls(Assembly assembly) =>
        from caller in Methods(assembly.GetTypes())
        from operand in Operands(caller, OperandType.InlineMethod)
        let called = Resolve(caller, operand)
        where called is not null
        select (caller, called);

    /// <summary>The texts that a type and those in it name.</summary>
    public static IEnumerable<string> Texts(Type type) =>
        from method in Methods(type.Assembly.GetTypes().Where(one => Outermost(one) == type))
        from operand in Operands(method, OperandType.InlineString)
        select method.Module.ResolveString(operand);

    /// <summary>The type that stands in no other: that of a lambda or an iterator is the one it was written in.</summary>
    public static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static IEnumerable<MethodBase> Methods(IEnumerable<Type> types) =>
        types.SelectMany(type => type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared)));

    private static MethodBase? Resolve(MethodBase caller, int token)
    {
        var ofType = caller.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        return caller.Module.ResolveMethod(token, ofType, caller.IsGenericMethod ? caller.GetGenericArguments() : null);
    }

    private static IEnumerable<int> Operands(MethodBase method, OperandType kind)
    {
        var bytes = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var at = 0; at < bytes.Length;)
        {
            var code = bytes[at] == 0xFE ? s_codes[(short)(0xFE00 | bytes[at + 1])] : s_codes[bytes[at]];
            at += code.Size;
            if (code.OperandType == kind)
                yield return BitConverter.ToInt32(bytes, at);
            at += LengthOf(code.OperandType, bytes, at);
        }
    }

    private static int LengthOf(OperandType operand, byte[] bytes, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(bytes, at)),
        _ => 4,
    };
}
